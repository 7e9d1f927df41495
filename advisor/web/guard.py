"""The door: security headers, size and time of requests, CORS."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from advisor.web.problems import Problem, answer
from advisor.web.sites import Sites, normal

MOST_BYTES = 64 * 1024
BODY_SECONDS = 15.0
METHODS = "GET, POST, PATCH, DELETE"
HEADERS = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID"
GUARDED = ("/api/", "/agency/", "/embed/", "/privacy", "/widget", "/library")
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = "frame-ancestors 'self'; base-uri 'self'; object-src 'none'; form-action 'self'"


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, sites: Sites) -> None:
        self.app, self.sites = app, sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        api = path.startswith("/api/")

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _seal(MutableHeaders(scope=message), path, scope["scheme"])
                if api:
                    self._share(MutableHeaders(scope=message), headers)
            await send(message)

        if not path.startswith(GUARDED):
            await self.app(scope, receive, sealed)
            return
        length = headers.get("content-length", "0")
        if api and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(self.sites, headers)(scope, receive, sealed)
        elif not length.isdigit() or len(length) > 12 or int(length) > MOST_BYTES:
            await answer(_too_large())(scope, receive, sealed)
        else:
            await _bounded(self.app, scope, receive, sealed)

    def _share(self, answered: MutableHeaders, asked: Headers) -> None:
        """CORS without credentials, only for origins that a site lists."""
        origin = asked.get("origin")
        answered.add_vary_header("Origin")
        if origin is not None and self.sites.anywhere(origin):
            answered["Access-Control-Allow-Origin"] = origin
            answered["Access-Control-Expose-Headers"] = "Retry-After, Message-Id"
            answered["Cross-Origin-Resource-Policy"] = "cross-origin"


def _seal(headers: MutableHeaders, path: str, scheme: str) -> None:
    for name, value in SECURITY.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", API_POLICY if path.startswith(GUARDED) else PAGE_POLICY)
    if "frame-ancestors 'none'" in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")
    if scheme == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _preflight(sites: Sites, headers: Headers) -> ASGIApp:
    """What a listed page may send. It tells nothing of sites or conversations."""
    origin = headers.get("origin", "")
    if not sites.anywhere(origin) or normal(origin) is None:
        return answer(Problem(403, "origin_not_allowed", "This page may not use the advisor."))
    allowed = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=allowed)


def _too_large() -> Problem:
    return Problem(413, "too_large", f"A request holds at most {MOST_BYTES // 1024} KiB.")


async def _bounded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Read the body first: at most so many bytes in so many seconds."""
    body, more = bytearray(), True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > MOST_BYTES:
                    await answer(_too_large())(scope, receive, send)
                    return
    except TimeoutError:
        await answer(Problem(408, "too_slow", "The request did not arrive in time."))(scope, receive, send)
        return
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    await app(scope, again, send)
