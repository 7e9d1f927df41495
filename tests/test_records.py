"""Records: one store for agencies, keepers and visitors; the same suite over SQLite and a real PostgreSQL."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from advisor.errors import StoreError
from advisor.records import Records
from advisor.records.tables import META
from advisor.web.owners import Owners


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgres_url")
    yield server
    engine = sa.create_engine(server.replace("postgresql", "postgresql+psycopg"))
    META.drop_all(engine)
    engine.dispose()


def asked(records: Records, thread: str, text: str, outcome: str = "answered", site: str = "north") -> str:
    records.used(thread, site)
    message = records.take(thread, text).id
    records.finish(message, [("done", {"outcome": outcome})], outcome=outcome, language="en")
    return message


def test_what_is_kept_and_erased(tmp_path: Path, url: str) -> None:
    clock = [1_000.0]
    records = Records(tmp_path, url, now=lambda: clock[0])
    message = asked(records, "a", "Who is the zebrafinch?", "not_in_sources")
    clock[0] += 5
    asked(records, "b", "What is a fee?", site="south")
    records.vote("a", message, True)
    records.vote("a", message, False, "zebrafinch!")
    assert [row.question for row in records.asked()] == ["What is a fee?", "Who is the zebrafinch?"]
    (gap,) = records.unanswered()
    assert (gap.site, gap.outcome, gap.helpful, gap.comment) == ("north", "not_in_sources", False, "zebrafinch!")
    assert records.unanswered("south") == [] and records.votes() == {False: 1} and records.votes("south") == {}
    assert records.overdue(lambda site: 1) == []
    clock[0] += 90_000
    records.used("b", "south")
    assert records.overdue(lambda site: 1) == ["a"]
    records.erase("a")
    assert records.overdue(lambda site: 0) == [] and records.votes() == {} and len(records.asked()) == 1
    records.close()
    if not url:
        assert b"zebrafinch" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_repeat_is_known_and_a_killed_reply_ends(tmp_path: Path, url: str) -> None:
    records = Records(tmp_path, url)
    thread, token = (owners := Owners(records)).open("north")
    first = records.take(thread, "hello", "hello", "key")
    assert records.take(thread, "hello", "hello", "key") == type(first)(first.id, False, True)
    assert not records.take(thread, "other", "other", "key").same
    other = owners.open("north")[0]
    assert records.take(other, "hello", "hello", "key").fresh
    assert records.log(thread, first.id) == (True, None) and records.log(other, first.id) == (False, None)
    assert records.interrupt(records.now() + 1) == 2
    assert (records.log(thread, first.id)[1] or [])[0][0] == "error"
    assert owners.owned(thread, token) is not None and owners.owned(other, token) is None
    code, _ = owners.code(thread)
    claimed = owners.claim(code, lambda site: True)
    assert claimed is not None and owners.owned(thread, claimed[1]) is not None
    assert owners.claim(code, lambda site: True) is None
    records.close()


def test_many_open_it_first_at_once(tmp_path: Path, url: str) -> None:
    failed: list[Exception] = []

    def work(number: int) -> None:
        try:
            records = Records(tmp_path, url)
            records.used("shared")
            for turn in range(5):
                records.take("shared", f"{number} {turn}", key=f"key {turn}")
            records.close()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    records = Records(tmp_path, url)
    assert len(records.messages("shared")) == 5  # one a key, whoever came first
    records.close()


def test_a_wrong_address_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="database_url") as told:
        Records(tmp_path, "postgresql://advisor:hidden@127.0.0.1:9/none")
    assert "hidden" not in str(told.value)
    with pytest.raises(StoreError):
        Records(tmp_path, "no url")


def test_a_database_of_before_gets_the_columns_that_came_later(tmp_path: Path, url: str) -> None:
    first = Records(tmp_path, url)
    with first.begin() as connection:
        connection.execute(sa.text("DROP TABLE reports"))
        old = "CREATE TABLE reports (id INTEGER PRIMARY KEY, thread VARCHAR(64), document VARCHAR(200), at FLOAT, text TEXT)"
        connection.execute(sa.text(old))
        connection.execute(sa.text("INSERT INTO reports VALUES (1, '', 'fees', 5, 'It is more now.')"))
    first.close()
    records = Records(tmp_path, url)
    if url:
        with records.begin() as connection:
            connection.execute(sa.text("ALTER TABLE reports ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 2)"))
    records.report("fees", "And now less.", "Members pay 1,250 crowns.")
    assert [(row["text"], row["passage"]) for row in records.reports()] == [
        ("And now less.", "Members pay 1,250 crowns."),
        ("It is more now.", ""),
    ]
    records.close()
