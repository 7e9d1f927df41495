"""What was held back from the collections, for the people of a site: shown, decided, and the index that follows."""

import logging
import threading
from collections.abc import Callable, Sequence

from advisor.documents import Document
from advisor.errors import AdvisorError
from advisor.ingest import quarantine
from advisor.ingest.collections import Collections
from advisor.settings import Site

_log = logging.getLogger(__name__)


class Keeper:
    """A site keeps what it answers from: its own collections, or all where it names none. Safe between threads."""

    def __init__(self, collections: Collections, follow: Callable[[], object]) -> None:
        self._collections, self._follow = collections, follow
        self._lock = threading.Lock()
        self._again = self._building = False
        self.failed = ""  # why the index could not follow the last decision

    def names(self, site: Site) -> tuple[str, ...]:
        """The collections that the people of this site review."""
        return tuple(name for name in self._collections.names() if not site.collections or name in site.collections)

    def held(self, site: Site) -> list[quarantine.Shown]:
        """What was held back, each in the context of its page."""
        return [shown for name in self.names(site) for shown in quarantine.shown(self._collections, name)]

    def decide(self, collection: str, identity: str, *, restored: bool) -> quarantine.Entry:
        """Restore an entry or drop it for good; the index follows in the background. Raises RequestError."""
        decision = quarantine.restore if restored else quarantine.drop
        made = decision(self._collections, identity, collection)
        with self._lock:
            self._again = True
            if not self._building:
                self._building = True
                threading.Thread(target=self._build, name="index-follows", daemon=True).start()
        return made

    @property
    def building(self) -> bool:
        return self._building

    def _build(self) -> None:
        while True:
            with self._lock:
                if not self._again:
                    self._building = False
                    return
                self._again = False
            try:
                self._follow()
                self.failed = ""
            except AdvisorError as problem:
                self.failed = str(problem)
                _log.error("the index does not follow a decision: %s", problem)


def kept_by(site: Site, documents: Sequence[Document]) -> dict[str, Document]:
    """The documents that a site answers from, by id."""
    return {one.id: one for one in documents if not site.collections or one.collection in site.collections}
