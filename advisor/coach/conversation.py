"""The conversation as a LangGraph graph: each route a node, the state in a checkpointer, a cut turn resumed."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, StateGraph

from advisor.coach import hearing, memo, profile, turns
from advisor.coach.memo import Memo
from advisor.coach.speech import Parts
from advisor.coach.turns import Turn
from advisor.documents import Asked, Done, Event, SentenceSaid, digest
from advisor.errors import SetupError, StoreError
from advisor.files import locked

_BUSY_SECONDS = 30
_ROUTES: Mapping[str, tuple[str, Callable[[Memo, Parts], Turn]]] = {
    "question": ("question", turns.question),
    "interview": ("interview", turns.talk),
    "plan": ("plan", turns.plan),
    "since": ("since", turns.since),
    "reject": ("reject", turns.reject),
    "runway": ("runway", turns.runway),
    "small_talk": ("small_talk", turns.small),
    "explain": ("small_talk", turns.small),
    "review": ("small_talk", turns.small),
    "human": ("human", turns.human),
    "handover": ("human", turns.human),
    "stay": ("human", turns.human),
    "declined": ("declined", turns.small),
}


@dataclass(frozen=True, slots=True)
class SlotValue:
    """An answer by button: a slot and the option's value, or text."""

    slot: str
    value: str


class Store:
    """Where threads live: a checkpointer, and a lock for each thread across processes."""

    def __init__(
        self,
        saver: BaseCheckpointSaver[Any],
        lock: Callable[[str], contextlib.AbstractContextManager[Any]],
        prune: Callable[[str], None],
        close: Callable[[], None],
    ) -> None:
        self.saver, self.lock, self.prune, self.close = saver, lock, prune, close


def open_store(folder: Path, database_url: str = "") -> Store:
    """SQLite under `folder`, or PostgreSQL by URL. Raises StoreError, SetupError."""
    if database_url.startswith(("postgres://", "postgresql://", "postgresql+psycopg://")):
        return _postgres(database_url.replace("+psycopg", ""))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "threads.sqlite"
    try:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=_BUSY_SECONDS)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        saver = SqliteSaver(connection)
        saver.setup()
    except sqlite3.Error as problem:
        raise StoreError(
            f"The conversation store cannot be opened ({problem})", value=path, cure="Check data_dir."
        ) from problem

    def prune(thread: str) -> None:
        """Only the newest checkpoint is needed: what was corrected or erased must not linger."""
        with saver.lock, connection:
            keep = "SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = ?"
            connection.execute(
                f"DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_id < ({keep})", (thread,) * 2
            )
            connection.execute(f"DELETE FROM writes WHERE thread_id = ? AND checkpoint_id < ({keep})", (thread,) * 2)

    def lock(thread: str) -> contextlib.AbstractContextManager[Any]:
        return locked(folder / "locks" / f"{digest(thread)[:2]}.lock")

    return Store(saver, lock, prune, connection.close)


def _postgres(url: str) -> Store:
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
        from psycopg.rows import dict_row
        from psycopg_pool import ConnectionPool
    except ImportError as problem:
        raise SetupError(
            "PostgreSQL support is not installed", cure="pip install 'cluster-advisor[postgres]'"
        ) from problem
    pool: Any = ConnectionPool(
        url, kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row}, open=True
    )
    saver = PostgresSaver(pool)
    saver.setup()

    @contextlib.contextmanager
    def lock(thread: str) -> Iterator[None]:
        with pool.connection() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (thread,))
            yield

    def prune(thread: str) -> None:
        with pool.connection() as connection:
            for table in ("checkpoints", "checkpoint_writes"):
                connection.execute(
                    f"DELETE FROM {table} WHERE thread_id = %s AND checkpoint_id < "
                    "(SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = %s)",
                    (thread, thread),
                )

    return Store(saver, lock, prune, pool.close)


class Conversation:
    """The one door: reply(thread, message) -> events. Safe to share between threads and processes."""

    def __init__(self, store: Store, parts: Parts) -> None:
        self._store, self._parts = store, parts
        self._graph = _graph(parts, store.saver)
        self._local = threading.Lock()

    def reply(self, thread_id: str, message: str | SlotValue, contact: str = "") -> Iterator[Event]:
        """Events of one turn, as they are made. A turn that a killed process left is finished first. Raises RequestError.

        `contact`: the mail or address of the people to whom a reader may be handed over.
        """
        text, slot = (message.value, message.slot) if isinstance(message, SlotValue) else (message, "")
        with self._store.lock(thread_id):
            state, cut = self._read(thread_id)
            got = {**hearing.incoming(text, slot, self._parts, state), "contact": contact}
            if cut:
                left = state.get("incoming", {})
                same = (left.get("shown"), left.get("slot")) == (got["shown"], got["slot"])
                for event in self._run(None, thread_id):
                    if same:
                        yield event
                if same:
                    return
            yield from self._run({"incoming": got, "said": [], "masked": got["masked"], "outcome": ""}, thread_id)

    def resume(self, thread_id: str) -> Iterator[Event]:
        """Finish a turn that was cut off; nothing where there is none."""
        with self._store.lock(thread_id):
            if self._read(thread_id)[1]:
                yield from self._run(None, thread_id)

    def state(self, thread_id: str) -> dict[str, Any]:
        """Messages, slots, profile, stage and plan; empty for a thread that we do not know."""
        state, _ = self._read(thread_id)
        if not state:
            return {}
        found = memo.view(state)
        return {**found, "readiness": self._parts.planner.readiness(state) if found["profile"] else []}

    def tick(self, thread_id: str, step: str, done: bool) -> bool:
        """Tick a step of the plan; False where there is none like it."""
        with self._store.lock(thread_id):
            state, _ = self._read(thread_id)
            plan = state.get("plan")
            if not plan or not any(row["id"] == step for row in plan["steps"]):
                return False
            steps = [{**row, "done": done} if row["id"] == step else row for row in plan["steps"]]
            ticked = set(state.get("ticked", [])) - {step} | ({step} if done else set())
            values = {"plan": {**plan, "steps": steps}, "ticked": sorted(ticked)}
            self._graph.update_state(_config(thread_id), values, as_node="close")
            return True

    def erase(self, thread_id: str) -> None:
        """Forget a thread for good."""
        with self._store.lock(thread_id):
            self._store.saver.delete_thread(thread_id)
            connection = getattr(self._store.saver, "conn", None)
            if isinstance(connection, sqlite3.Connection):
                with self._store.saver.lock, contextlib.suppress(sqlite3.OperationalError):  # type: ignore[attr-defined]
                    connection.commit()
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @property
    def threads(self) -> list[str]:
        """Ids of all threads."""
        with self._local:
            return sorted({str(row.config["configurable"]["thread_id"]) for row in self._store.saver.list(None)})

    def warm_up(self) -> None:
        """Load what the first turn would wait for: model, interview, documents."""
        profile.read("warm up", self._parts.encode)
        self._parts.planner.portrait("")

    def close(self) -> None:
        self._store.close()

    def _read(self, thread_id: str) -> tuple[Memo, bool]:
        found = self._graph.get_state(_config(thread_id))
        return found.values, bool(found.next)

    def _run(self, values: Any, thread_id: str) -> Iterator[Event]:
        yield from self._graph.stream(values, _config(thread_id), stream_mode="custom", durability="sync")
        self._store.prune(thread_id)


def _config(thread_id: str) -> Any:
    return {"configurable": {"thread_id": thread_id}}


def _graph(parts: Parts, saver: BaseCheckpointSaver[Any]) -> Any:
    graph: Any = StateGraph(Memo)
    graph.add_node("listen", lambda state: hearing.listen(state, parts))
    names = {name for name, _ in _ROUTES.values()}
    for name, play in dict(_ROUTES.values()).items():
        graph.add_node(name, _node(play, parts))
        graph.add_edge(name, "close")
    graph.add_node("close", memo.closed)
    graph.add_edge(START, "listen")
    graph.add_conditional_edges("listen", lambda state: _ROUTES[state["route"]["kind"]][0], sorted(names))
    graph.add_edge("close", END)
    return graph.compile(checkpointer=saver)


def _node(play: Callable[[Memo, Parts], Turn], parts: Parts) -> Callable[[Memo], Memo]:
    """A route as a node: its events are written to the stream as they come, what was said is kept."""

    def run(state: Memo) -> Memo:
        write = get_stream_writer()
        said: list[str] = []
        outcome = ""
        turn = play(state, parts)
        while True:
            try:
                event = next(turn)
            except StopIteration as ended:
                changed: Memo = {"said": said, "outcome": outcome}
                return {**(ended.value or {}), **changed}
            write(event)
            if isinstance(event, SentenceSaid):
                said.append(event.sentence.text)
            elif isinstance(event, Asked):
                said.append(event.text)
            elif isinstance(event, Done):
                outcome = event.outcome

    return run
