"""Where a founder stands: starter profile, stage, readiness."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.coach.slots import STAGES
from advisor.web.cards import card, e
from advisor.web.labels import Words


def profile(profile: Mapping[str, Any], w: Words) -> str:
    rows = "".join(
        f"<li{' class=ca-first' if not place else ''}><span>{e(w.get('profile_' + row['profile'], row['profile']))}</span>"
        f'<b>{row["probability"]:.0%}</b><i style="--share:{row["probability"]:.3f}"></i></li>'
        for place, row in enumerate(profile["ranking"][:3])
    )
    quotes = dict.fromkeys(str(row["quote"]) for row in profile["evidence"] if row.get("quote"))
    said = "".join(f"<li>“{e(quote)}”</li>" for quote in list(quotes)[:3])
    evidence = f'<h3>{e(w["your_words"])}</h3><ul class="ca-quotes">{said}</ul>' if said else ""
    no = f'<button type="button" class="ca-small" data-say="{e(w["not_me"])}">{e(w["not_me"])}</button>'
    return card(w["profile_title"], f'<ol class="ca-bars">{rows}</ol>{evidence}', "profile", no)


def stage(stage: str, w: Words) -> str:
    at = STAGES.index(stage) if stage in STAGES else -1
    steps = "".join(
        f'<li class="{"ca-past" if n < at else "ca-now" if n == at else ""}"{" aria-current=step" if n == at else ""}>'
        f"<span>{e(w['stage_' + name])}</span>{'<em>' + e(w['here']) + '</em>' if n == at else ''}</li>"
        for n, name in enumerate(STAGES)
    )
    return card(w["stage_title"], f'<ol class="ca-line">{steps}</ol>', "stage")


def readiness(rows: Sequence[Mapping[str, Any]], w: Words) -> str:
    if not rows:
        return ""
    total = w["ready_of"].format(n=sum(row["score"] for row in rows))
    table = "".join(
        f'<tr><th scope="row">{e(w[_item(row)])}</th><td>{row["score"]}/4</td><td>{e(row["gap"])}</td></tr>'
        for row in rows
    )
    head = "".join(f'<th scope="col">{e(w[name])}</th>' for name in ("item", "score", "next_level"))
    return card(
        w["ready_title"],
        f'{radar(rows, w)}<p class="ca-dim">{e(w["ready_hint"])}</p><details><summary>{e(w["ready_table"])}</summary>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table></details>",
        "ready",
        f'<span class="ca-dim">{e(total)}</span>',
    )


def radar(rows: Sequence[Mapping[str, Any]], w: Words) -> str:
    """A radar chart as inline SVG; the figures stand in the table below it too."""

    def at(n: int, radius: float) -> tuple[float, float]:
        angle = 2 * math.pi * n / len(rows) - math.pi / 2
        return 230 + radius * math.cos(angle), 140 + radius * math.sin(angle)

    def ring(radii: Sequence[float]) -> str:
        return " ".join("{:.1f},{:.1f}".format(*at(n, radius)) for n, radius in enumerate(radii))

    grid = "".join(f'<polygon points="{ring([25 * level] * len(rows))}"/>' for level in (1, 2, 3, 4))
    spokes = "".join('<line x1="230" y1="140" x2="{:.1f}" y2="{:.1f}"/>'.format(*at(n, 100)) for n in range(len(rows)))
    shape = ring([25 * row["score"] for row in rows])
    dots = "".join(
        '<circle cx="{:.1f}" cy="{:.1f}" r="4"/>'.format(*at(n, 25 * row["score"])) for n, row in enumerate(rows)
    )
    names = []
    for n, row in enumerate(rows):
        x, y = at(n, 112)
        anchor = "middle" if abs(x - 230) < 20 else "start" if x > 230 else "end"
        names.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">{e(w[_item(row)])} {row["score"]}</text>'
        )
    said = "; ".join(f"{w[_item(row)]}: {row['score']}" for row in rows)
    return (
        f'<svg class="ca-radar" viewBox="0 0 460 280" role="img" aria-label="{e(said)}"><g class="ca-grid">{grid}{spokes}</g>'
        f'<polygon class="ca-shape" points="{shape}"/><g class="ca-dots">{dots}</g>{"".join(names)}</svg>'
    )


def _item(row: Mapping[str, Any]) -> str:
    return f"item_{row['item']}"
