"""Addresses into bytes, safely: public hosts only, pinned after resolution, at each redirect; bounded in size, time and hops."""

import functools
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import urllib.robotparser
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import httpx

from advisor.errors import SourceError

AGENT = "ClusterAdvisor"
_KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", "text/plain": "text", "text/markdown": "markdown", "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx", "multipart/related": "mhtml", "message/rfc822": "mhtml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """What one address may cost."""

    most_bytes: int = 50_000_000
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Got:
    """A fetched page: its bytes, kind, last address and declared charset."""

    data: bytes
    kind: str
    url: str
    charset: str | None


def fetch(url: str, limits: Limits = Limits(), *, private: bool = False, robots: bool = True) -> Got:
    """The page behind an address. Raises SourceError: what, value, cure."""
    deadline = time.monotonic() + limits.seconds
    seen: set[str] = set()
    for _ in range(limits.redirects + 1):
        if url in seen:
            raise SourceError("The address redirects in a circle", value=url, cure="Give the page's own address.")
        seen.add(url)
        if robots and not _allowed(url, deadline, private):
            raise SourceError(
                "The site's robots.txt asks not to be read", value=url, cure="Save the page and ingest the file."
            )
        got = _within(deadline, url, functools.partial(_once, url, limits.most_bytes, deadline, private))
        if isinstance(got, Got):
            return got
        url = got
    raise SourceError(
        f"The address redirects more than {limits.redirects} times", value=url, cure="Give the page's own address."
    )


def _within(deadline: float, url: str, work: Callable[[], Got | str]) -> Got | str:
    """The result of `work`, given up a second after the deadline: a site may drip its headers, a resolver may hang."""
    done: queue.SimpleQueue[Got | str | SourceError] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except SourceError as problem:
            done.put(problem)

    threading.Thread(target=run, daemon=True).start()
    try:
        found = done.get(timeout=max(0.1, deadline - time.monotonic() + 1.0))
    except queue.Empty:
        raise SourceError(
            "The site does not answer in time", value=url, cure="Save the page and ingest the file."
        ) from None
    if isinstance(found, SourceError):
        raise found
    return found


def resolve(host: str, port: int, private: bool) -> str:
    """The address of a host, checked: every address that it resolves to must be public. Raises SourceError."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as problem:
        raise SourceError(
            f"The host is not known ({problem})", value=host, cure="Check the address and the network."
        ) from problem
    for address in sorted(found):
        if not private and not _public(address):
            cure = "Save the page and ingest the file, or set fetch_private_addresses."
            raise SourceError(f"The host is on a private network ({address})", value=host, cure=cure)
    return sorted(found, key=lambda address: (":" in address, address))[0]


def _public(address: str) -> bool:
    """Whether an address is one of the open internet; IPv4 within IPv6 is looked at as IPv4."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour or (parsed.teredo[1] if parsed.teredo else None)
        if inner is not None:
            return inner.is_global
        if parsed in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.ip_address(int(parsed) & 0xFFFFFFFF).is_global
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


def _once(url: str, most: int, deadline: float, private: bool) -> Got | str:
    """The page, or the address that it redirects to. The connection goes to the address that was checked, not to a second look-up."""
    request, extensions = _pinned(url, private)
    left = deadline - time.monotonic()
    if left <= 0:
        raise SourceError("The site takes too long", value=url, cure="Save the page and ingest the file.")
    timeout = httpx.Timeout(min(10.0, left))
    try:
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=timeout, verify=_context()) as client,
            client.stream("GET", request[0], headers=request[1], extensions=extensions) as reply,
        ):
            if reply.status_code in (301, 302, 303, 307, 308) and "location" in reply.headers:
                return urljoin(url, reply.headers["location"])
            if reply.status_code != 200:
                raise SourceError(
                    f"The site answers {reply.status_code}",
                    value=url,
                    cure="Open it in a browser; is the address right?",
                )
            kind = _kind(reply.headers.get("content-type", ""), url)
            return Got(_body(reply, url, most, deadline), kind, url, _charset(reply.headers.get("content-type", "")))
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError, ValueError) as problem:
        raise SourceError(
            f"The page cannot be fetched ({type(problem).__name__})",
            value=url,
            cure="Check the address, or save the page.",
        ) from problem


def _pinned(url: str, private: bool) -> tuple[tuple[str, dict[str, str]], dict[str, str]]:
    """The request with the host's checked address in it; the name stays in the Host header and in TLS."""
    parts, host, port = _parts(url)
    address = resolve(host, port, private)
    literal = f"[{address}]" if ":" in address else address
    pinned = urlunsplit((parts.scheme, f"{literal}:{port}", parts.path or "/", parts.query, ""))
    name = parts.netloc
    headers = {
        "Host": name,
        "User-Agent": f"{AGENT}/1.0",
        "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain,*/*;q=0.1",
    }
    return (pinned, headers), {"sni_hostname": host}


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """An address taken apart: (parts, host, port). Raises SourceError for anything but plain http and https."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as problem:
        raise SourceError(f"No address ({problem})", value=url, cure="Give an http or https address.") from problem
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise SourceError(
            "Only plain http and https addresses are read", value=url, cure="Give an http or https address."
        )
    return parts, host, port


def _body(reply: httpx.Response, url: str, most: int, deadline: float) -> bytes:
    parts, size = [], 0
    for part in reply.iter_bytes():
        size += len(part)
        if size > most:
            raise SourceError(
                f"The page is larger than {most:,} bytes", value=url, cure="Save a part of it and ingest the file."
            )
        if time.monotonic() > deadline:
            raise SourceError("The page does not end in time", value=url, cure="Save it and ingest the file.")
        parts.append(part)
    return b"".join(parts)


def _kind(content_type: str, url: str) -> str:
    kind = _KINDS.get(content_type.split(";")[0].strip().lower())
    if kind is None:
        raise SourceError(
            f"The address holds no document but {content_type or 'an unnamed type'}",
            value=url,
            cure="Give a web page, a text or a PDF.",
        )
    return "markdown" if kind == "text" and urlsplit(url).path.lower().endswith((".md", ".markdown")) else kind


def _charset(content_type: str) -> str | None:
    match = re.search(r"charset=[\"']?([\w-]+)", content_type, re.I)
    return match.group(1) if match is not None else None


def _allowed(url: str, deadline: float, private: bool) -> bool:
    """Whether the site's robots.txt lets this page be read; a site without one does."""
    parts, _, _ = _parts(url)
    try:
        soon = min(deadline, time.monotonic() + 8)
        got = _within(soon, url, lambda: _once(f"{parts.scheme}://{parts.netloc}/robots.txt", 500_000, soon, private))
    except SourceError as problem:
        if "private network" in problem.what or "not known" in problem.what:
            raise
        return "answers 5" not in problem.what
    if not isinstance(got, Got):
        return True
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(got.data.decode("utf-8", "replace").splitlines())
    return parser.can_fetch(AGENT, url)


@functools.cache
def _context() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
