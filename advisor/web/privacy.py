"""What is kept of visitors, and how it goes: salted addresses, masked questions, the statement, the retention."""

import contextlib
import datetime
import hashlib
import ipaddress
import logging
import secrets
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from advisor.coach.safety import mask
from advisor.errors import AdvisorError
from advisor.records.store import REPORT_DAYS
from advisor.settings import Settings, Site

_log = logging.getLogger(__name__)
PAID = ("openai:", "anthropic:", "google", "mistral", "azure", "bedrock", "openai-compatible:")


class Addresses:
    """Addresses become hashes under a salt that is made anew every day and then destroyed: none can be found again."""

    def __init__(
        self, folder: Path, today: Callable[[], datetime.date] = lambda: datetime.datetime.now(datetime.UTC).date()
    ) -> None:
        self._folder, self._today = folder, today
        self._salt: tuple[datetime.date | None, bytes] = (None, b"")
        self._lock = threading.Lock()

    def hashed(self, address: str) -> str:
        """A key for limits. IPv6 visitors are counted by their /64."""
        try:
            parsed = ipaddress.ip_address(address)
            if parsed.version == 6:
                address = str(ipaddress.ip_network((parsed, 64), strict=False))
        except ValueError:
            address = "unknown"
        return hashlib.blake2b(address.encode(), key=self._salted(), digest_size=12).hexdigest()

    def _salted(self) -> bytes:
        today = self._today()
        with self._lock:
            if self._salt[0] != today:
                self._salt = (today, self._read(today))
            return self._salt[1]

    def _read(self, today: datetime.date) -> bytes:
        """One file a day, shared by the workers of a machine; older ones are destroyed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"salt-{today.isoformat()}"
        beside = self._folder / f".salt-{secrets.token_hex(8)}"
        beside.touch(mode=0o600)
        beside.write_bytes(secrets.token_bytes(32))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(beside)
        beside.unlink()
        for old in self._folder.glob("salt-*"):
            if old.name < path.name:
                old.unlink(missing_ok=True)
        return path.read_bytes()


def masked(text: str) -> str:
    """Text for lists that people read: personal data hidden."""
    return mask(text)[0]


def is_hosted(llm: str) -> bool:
    """Whether answers may leave this machine."""
    return llm.startswith(PAID) and not any(f"@http://{host}" in llm for host in ("127.0.0.1", "localhost", "[::1]"))


def statement(settings: Settings, site: Site) -> dict[str, Any]:
    """`/privacy.json`: what is stored, where, how long."""
    hosted = is_hosted(settings.llm) and site.hosted_model
    return {
        "site": site.key,
        "policy": site.privacy_url or None,
        "stored": [
            {
                "what": "your messages and the answers",
                "why": "to go on with the conversation",
                "days": site.retention_days,
            },
            {"what": "interview answers, profile and plan", "why": "to advise you", "days": site.retention_days},
            {
                "what": "your questions with personal data masked, and your votes",
                "why": "to improve the guidance",
                "days": site.retention_days,
            },
            {
                "what": "a hash of the conversation's token",
                "why": "so that only you can read it",
                "days": site.retention_days,
            },
            {
                "what": "your note on an outdated fact, with personal data masked",
                "why": "to mend the document",
                "days": REPORT_DAYS,
            },
            {"what": "a hash of your address under a salt destroyed daily", "why": "to limit abuse", "days": 1},
        ],
        "not_stored": ["your address", "cookies", "fingerprints", "anything before you agree"],
        "where": "on the server of the organisation that runs this advisor",
        "on_your_device": "one entry in local storage, after you agree: the conversation's id and token",
        "language_model": "hosted by a third party; personal data is masked first"
        if hosted
        else "on this server; nothing leaves it",
        "erase": "Delete my chat in the widget, or DELETE /api/v1/threads/{id} with its token",
        "export": "GET /api/v1/threads/{id}/export.json with its token",
        "retention_days": site.retention_days,
    }


class Retention:
    """Erases what is over its time, once at the start and then every hour."""

    def __init__(self, purge: Callable[[], int], every: float = 3600.0) -> None:
        self._purge, self._every = purge, every
        self._stop = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="retention", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while True:
            try:
                gone = self._purge()
                if gone:
                    _log.info("retention: %d conversations erased", gone)
            except AdvisorError as problem:
                _log.error("retention: %s", problem)
            if self._stop.wait(self._every):
                return
