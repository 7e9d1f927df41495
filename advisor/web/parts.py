"""What the routes share: the wired parts, who calls, whose conversation it is."""

import base64
import datetime
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from advisor.records import Records
from advisor.settings import Settings, Site
from advisor.web.door import Coach
from advisor.web.front import PERSON
from advisor.web.keeper import Keeper
from advisor.web.library import Library
from advisor.web.limiter import Limiter
from advisor.web.owners import Owners, Thread
from advisor.web.privacy import Addresses
from advisor.web.problems import Problem, no_thread, unauthorised, wrong_origin
from advisor.web.sites import Caller, Sites, is_reader, is_secret
from advisor.web.streams import Runs

LONGEST_REPLY = 120.0  # seconds


@dataclass(frozen=True)
class Parts:
    """One application's parts; `app.state.advisor_parts`."""

    settings: Settings
    coach: Coach
    sites: Sites
    records: Records
    owners: Owners
    limiter: Limiter
    addresses: Addresses
    runs: Runs
    library: Library
    keeper: Keeper

    def days(self, site: str) -> int:
        """How long a site's conversations are kept."""
        found = self.sites.get(site)
        return found.retention_days if found is not None else 90

    def start(self) -> None:
        """End what a killed process left: at once where no other process can be at it."""
        alone = self.settings.workers == 1 and not self.settings.database_url
        self.records.interrupt(self.records.now() - (0 if alone else LONGEST_REPLY))

    def purge(self) -> int:
        """Erase what is over its time: the coach's part first, so that a failure leaves the owner's token."""
        overdue = self.records.overdue(self.days)
        for thread in overdue:
            self.coach.erase(thread)
            self.records.erase(thread)
        return len(overdue)


def parts(request: Request) -> Parts:
    found: Parts = request.app.state.advisor_parts
    return found


async def address(request: Request) -> str:
    """The caller's hashed address, counted."""
    here = parts(request)
    key = here.addresses.hashed(request.client.host if request.client else "")
    await here.limiter.request(key)
    return key


def caller(request: Request) -> Caller:
    """Who calls, from headers that a page's script cannot set."""
    headers = request.headers
    origins = headers.getlist("origin")
    return Caller(
        origin=None if not origins else origins[0] if len(origins) == 1 else "null",
        host=headers.get("host", ""),
        scheme=request.url.scheme,
        fetch_site=headers.get("sec-fetch-site", ""),
        secret=headers.get("x-advisor-secret", ""),
    )


async def stream(request: Request, key: Annotated[str, Depends(address)]) -> AsyncIterator[None]:
    """A place among the open streams, held until the answer has been sent or its reader has gone."""
    async with parts(request).limiter.stream(key):
        yield


PartsOf = Annotated[Parts, Depends(parts)]
AddressOf = Annotated[str, Depends(address)]
Streamed = Depends(stream)
CallerOf = Annotated[Caller, Depends(caller)]
_BEARER = HTTPBearer(auto_error=False, description="The conversation's token, made by POST /api/v1/threads.")


async def owned(
    thread_id: str,
    here: PartsOf,
    _: AddressOf,
    who: CallerOf,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Thread:
    """The conversation of the token, from a page of its site. Every refusal reads the same."""
    if who.origin is not None and not who.same_origin and not here.sites.anywhere(who.origin):
        raise wrong_origin()
    if given is None or not given.credentials:
        raise unauthorised()
    thread = await run_in_threadpool(here.owners.owned, thread_id, given.credentials)
    if thread is None or not here.sites.get(thread.site) or not here.sites.may_use(thread.site, who):
        raise no_thread()
    return thread


OwnedThread = Annotated[Thread, Depends(owned)]


def opened(here: Parts, key: str, who: Caller) -> Site:
    """The site, where this caller may use it."""
    site = here.sites.may_open(key, who)
    if site is None:
        raise wrong_origin()
    return site


async def agency_site(site: str, request: Request, here: PartsOf, key: AddressOf, who: CallerOf) -> Site:
    """The site whose secret the caller shows, as password or in X-Advisor-Secret, or whose reader a proxy signed in."""
    found, secret = here.sites.get(site), who.secret
    if found is not None and is_reader(found, request.scope.get(PERSON, "")):
        return found
    scheme, _, coded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            secret = base64.b64decode(coded, validate=True).decode().partition(":")[2]
        except ValueError:  # no base64, or no UTF-8 in it
            secret = ""
    if found is None or not is_secret(found, secret):
        if secret:
            await here.limiter.wrong_secret(key)
        raise Problem(
            401,
            "secret_needed",
            "Sign in with the site's secret as password.",
            headers={"WWW-Authenticate": 'Basic realm="agency"'},
        )
    return found


AgencySite = Annotated[Site, Depends(agency_site)]


def iso(seconds: float) -> str:
    """Seconds since the epoch, as ISO 8601 in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds")


def outline(here: Parts, thread: Thread) -> dict[str, Any]:
    """A conversation as its owner may read it."""
    state = dict(here.coach.state(thread.id))
    messages = [_message(row) for row in here.records.messages(thread.id)]
    said = [event for message in messages for event in message["events"]]

    def last(name: str) -> Any:
        return next((event["data"] for event in reversed(said) if event["event"] == name), None)

    return {
        "thread_id": thread.id,
        "site": thread.site,
        "created_at": iso(thread.created),
        "expires_at": iso(thread.seen + here.days(thread.site) * 86400),
        "messages": messages,
        "slots": state.get("slots") or {},
        "profile": state.get("profile") or last("profile"),
        "plan": state.get("plan") or last("plan"),
    }


def _message(row: Mapping[str, Any]) -> dict[str, Any]:
    events = [{"event": name, "data": data} for name, data in row["events"] or ()]
    vote = {"helpful": row["helpful"], "comment": row["comment"]} if row["helpful"] is not None else None
    return {
        "id": row["id"],
        "at": iso(row["at"]),
        "text": row["text"],
        "outcome": row["outcome"],
        "events": events,
        "vote": vote,
    }
