"""Who may call: sites, their origins, and the headers that follow from them. Pure functions over settings."""

import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from advisor import records
from advisor.settings import Site

OWN = Site(key=records.OWN, title="Cluster Advisor")  # our own page, `advisor ask`, programs with a secret
_HOST = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says of where it comes from."""

    origin: str | None  # the Origin header, as sent
    host: str  # the Host header
    scheme: str
    fetch_site: str = ""  # Sec-Fetch-Site
    secret: str = ""  # X-Advisor-Secret

    @property
    def same_origin(self) -> bool:
        """The page is ours: the browser says so, or its origin is the host that it calls."""
        if self.origin is None:
            return self.fetch_site == "same-origin"
        ours = normal(f"{self.scheme}://{self.host}")
        return ours is not None and normal(self.origin) == ours


def normal(origin: str) -> str | None:
    """`scheme://host[:port]` in the form that browsers send; None for `null` and anything that is no web origin."""
    if origin != origin.strip() or len(origin) > 300 or not origin.isascii():
        return None
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    scheme, host = parts.scheme.lower(), parts.netloc.rpartition(":")[0].lower() if port else parts.netloc.lower()
    if scheme not in _PORTS or parts.path or parts.query or parts.fragment or not _HOST.match(host) or ".." in host:
        return None
    if any(mark in origin for mark in "@?#\\") or origin.count("://") != 1:
        return None
    return f"{scheme}://{host}" + ("" if port in (None, _PORTS[scheme]) else f":{port}")


def listed(site: Site, origin: str) -> bool:
    """Whether a site's list holds this origin: exactly, or under `https://*.example.org` (never example.org itself)."""
    asked = normal(origin)
    if asked is None:
        return False
    for entry in site.origins:
        if "*" not in entry:
            if normal(entry) == asked:
                return True
            continue
        scheme, _, rest = entry.partition("://*")
        base = normal(f"{scheme}://{rest.lstrip('.')}") if rest.startswith(".") and "*" not in rest else None
        if base is not None:
            scheme, _, suffix = base.partition("://")
            if (
                asked.startswith(f"{scheme}://")
                and asked.endswith(f".{suffix}")
                and len(asked) > len(scheme) + 4 + len(suffix)
            ):
                return True
    return False


class Sites:
    """The sites of this installation. Closed by default: a caller that fits none of them is refused."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._sites: Mapping[str, Site] = {site.key: site for site in sites}

    def get(self, key: str) -> Site | None:
        return self._sites.get(OWN.key, OWN) if key in ("", OWN.key) else self._sites.get(key)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._sites.values())

    def anywhere(self, origin: str) -> bool:
        """Whether any site lists this origin: a preflight tells no more."""
        return any(listed(site, origin) for site in self._sites.values())

    def may_open(self, key: str, caller: Caller) -> Site | None:
        """The site, where this caller may open conversations on it or read its texts; else None."""
        site = self.get(key)
        if site is None:
            return None
        if caller.origin is not None:
            return site if caller.same_origin or (site is not OWN and listed(site, caller.origin)) else None
        return site if caller.same_origin or is_secret(site, caller.secret) else None

    def may_use(self, key: str, caller: Caller) -> bool:
        """Whether a caller who holds a valid token of this site may use it from there."""
        site = self.get(key)
        if site is None:
            return False
        return caller.origin is None or caller.same_origin or (site is not OWN and listed(site, caller.origin))


def is_secret(site: Site, given: str) -> bool:
    """Constant-time; a site without a secret has none that fits."""
    fits = hmac.compare_digest(given.encode("utf-8", "replace"), site.secret.encode())
    return fits and len(site.secret) >= 16


def is_reader(site: Site, person: str) -> bool:
    """Whether the site lists this person, or everybody of their domain."""
    domain = person.rpartition("@")[2]
    listed_ones = {entry.lower() for entry in site.readers}
    return "@" in person.strip("@") and bool({person, f"*@{domain}"} & listed_ones)


def frame_ancestors(site: Site) -> str:
    """Who may frame pages of this site."""
    good = [entry for entry in site.origins if normal(entry.replace("*.", "x.")) is not None]
    return "frame-ancestors " + " ".join(["'self'", *good])


def csp_lines(host: str) -> tuple[str, ...]:
    """What an agency's page needs for the widget; nothing else: no styles, images, frames, inline code."""
    return (f"script-src {host}", f"connect-src {host}")


def page_policy(site: Site) -> str:
    """The Content-Security-Policy of our own pages for a site."""
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; "
        f"require-trusted-types-for 'script'; trusted-types cluster-advisor; {frame_ancestors(site)}"
    )
