"""`advisor sites`: the agency's sites."""

import argparse
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx

from advisor.cli import common
from advisor.errors import RequestError, SourceError
from advisor.settings import Site
from advisor.web.sites import csp_lines, normal


def add(commands: Any) -> None:
    sites = commands.add_parser("sites", help="the sites that may embed the widget")
    todo = sites.add_subparsers(dest="todo", required=True, metavar="TODO")
    new = todo.add_parser("new", help="a site's lines for advisor.toml, and the line for its page")
    new.add_argument("key")
    new.add_argument("--origin", action="append", default=[], help="https://www.example.org or https://*.example.org")
    new.add_argument("--title", default="Cluster Advisor")
    new.add_argument("--host", default="https://advisor.example.org", help="where this advisor is reached")
    new.set_defaults(run=run_new)
    listing = todo.add_parser("list", help="the sites of advisor.toml")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)
    check = todo.add_parser("check", help="which CSP lines a page must add")
    check.add_argument("url")
    check.add_argument("--host", default="https://advisor.example.org", help="where this advisor is reached")
    check.set_defaults(run=run_check)


def run_new(arguments: argparse.Namespace) -> int:
    from advisor.web.widget_files import snippet  # the API's libraries take a second

    for origin in arguments.origin:
        if normal(origin.replace("://*.", "://x.")) is None:
            raise RequestError("That is no origin", value=origin, cure="Write https://www.example.org, without a path.")
    try:
        site = Site(key=arguments.key, origins=tuple(arguments.origin), title=arguments.title)
    except ValueError as problem:
        raise RequestError("That is no site key", value=arguments.key, cure="Use a-z, 0-9, - and _.") from problem
    print("[[sites]]")
    print(f"key = {json.dumps(site.key)}")
    print(f"title = {json.dumps(site.title, ensure_ascii=False)}")
    print(f"origins = {json.dumps(list(site.origins))}")
    print(f"secret = {json.dumps(secrets.token_urlsafe(24))}")
    common.SAYS.print("Put these lines into advisor.toml, and this one into the page:", style="bold")
    common.SAYS.print(snippet(arguments.host.rstrip("/"), site), markup=False)
    common.SAYS.print("Where the page has a Content-Security-Policy, it must allow:", style="bold")
    for line in csp_lines(arguments.host.rstrip("/")):
        common.SAYS.print(f"  {line}", markup=False)
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    made = common.advisor(arguments)
    known = {"corpus", *made.collections.names()}
    for site in made.settings.sites:
        absent = [name for name in site.collections if name not in known]
        if arguments.json:
            common.put(
                {
                    "key": site.key,
                    "title": site.title,
                    "origins": site.origins,
                    "secret_set": bool(site.secret),
                    "absent": absent,
                }
            )
        else:
            note = "" if len(site.secret) >= 16 else "  (no secret of 16 characters: the agency's view is closed)"
            note += f"  (no such collection here: {', '.join(absent)})" if absent else ""
            print(f"{site.key}  {site.title}  {' '.join(site.origins) or 'no origins: closed'}{note}")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    if urlsplit(arguments.url).scheme not in ("http", "https"):
        raise RequestError("That is no web address", value=arguments.url, cure="Give https://...")
    try:
        with httpx.Client(timeout=15, follow_redirects=True) as client, client.stream("GET", arguments.url) as answer:
            policies, final = answer.headers.get_list("content-security-policy"), answer.url
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise SourceError(f"The page cannot be read ({problem})", value=arguments.url) from problem
    parts = urlsplit(str(final))
    origin = normal(f"{parts.scheme}://{parts.netloc}") or ""
    print(f"origin: {origin}")
    missing = missing_lines(policies, arguments.host.rstrip("/"))
    if not policies:
        print("The page sends no Content-Security-Policy header: nothing to add.")
    for line in missing:
        print(f"add: {line}")
    if policies and not missing:
        print("The page's policy lets the widget work.")
    return 1 if missing else 0


def missing_lines(policies: list[str], host: str) -> list[str]:
    """What the page's policies lack for the widget. A comma parts policies; every one of them must allow it."""
    wanted: list[str] = []
    for policy in (piece for header in policies for piece in header.split(",")):
        directives: dict[str, list[str]] = {}
        for words in (part.split() for part in policy.split(";")):
            if words:
                directives.setdefault(words[0].lower(), [word.lower() for word in words[1:]])
        for line in csp_lines(host):
            name = line.split()[0]
            allowed = directives.get(name, directives.get("default-src"))
            if name == "script-src":
                allowed = directives.get("script-src-elem", allowed)
            scheme = urlsplit(host).scheme
            fits = {"*", host.lower(), f"{host.lower()}/", f"{scheme}:", urlsplit(host).netloc.lower()}
            if allowed is not None and not fits & set(allowed) and line not in wanted:
                wanted.append(line)
        if directives.get("trusted-types") and not {"*", "cluster-advisor"} & set(directives["trusted-types"]):
            wanted.append("trusted-types cluster-advisor (optional: without it the second file is loaded as a module)")
    return wanted
