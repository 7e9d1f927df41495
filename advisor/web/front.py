"""The outermost door: which names the server answers to, and what a reverse proxy is believed.

A page that rebinds its own name to this machine's address still sends its own name as Host: it is turned away.
"""

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from advisor.errors import SetupError
from advisor.settings import Settings
from advisor.web.problems import Problem, answer

ANY_NAME = ("/healthz", "/readyz")  # for whoever watches the process
PERSON = "advisor.person"  # in the scope: who has signed in at the proxy
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_REFUSED = Problem(
    421, "host_not_allowed", "This server does not answer to that name. Its keeper adds it to allowed_hosts."
)


class Front:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._names = frozenset(name.lower() for name in (*_LOOPBACK, settings.host, *settings.allowed_hosts))
        self._proxies = _networks(settings.proxies)
        self._header = settings.proxy_header

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["path"] not in ANY_NAME and not self.answers_to(headers.getlist("host")):
            if scope["type"] == "http":
                await answer(_REFUSED)(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        if self._is_proxy((scope.get("client") or ("", 0))[0]):
            scope = self._behind(scope, headers)
        await self.app(scope, receive, send)

    def answers_to(self, hosts: list[str]) -> bool:
        """Whether exactly one name was asked for and it is ours; an address cannot be rebound."""
        if len(hosts) != 1:
            return False
        host = hosts[0].lower()
        name = host[1 : host.find("]")] if host.startswith("[") else host.partition(":")[0]
        parents = ("*." + name.split(".", part)[-1] for part in range(1, name.count(".") + 1))
        return _address(name) is not None or name in self._names or any(parent in self._names for parent in parents)

    def _behind(self, scope: Scope, headers: Headers) -> Scope:
        """The request as the proxy saw it: the last address that is no proxy of ours, the scheme, who signed in."""
        changed = dict(scope)
        for hop in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            if _address(hop.strip()) is None:
                break
            changed["client"] = (hop.strip(), 0)
            if not self._is_proxy(hop.strip()):
                break
        scheme = headers.get("x-forwarded-proto", "").lower()
        if scheme in ("http", "https"):
            changed["scheme"] = scheme if scope["type"] == "http" else scheme.replace("http", "ws")
        people = headers.getlist(self._header) if self._header else []
        changed[PERSON] = people[0].strip().lower() if len(people) == 1 else ""
        return changed

    def _is_proxy(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self._proxies)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _networks(texts: Iterable[str]) -> tuple[_Network, ...]:
    try:
        return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
    except ValueError as problem:
        raise SetupError(
            f"A proxy's address is not readable ({problem})", value=list(texts), cure='Write it like "10.0.0.0/8".'
        ) from problem
