"""Plots as inline SVG without scripts, each with its figures as text alternative. Colours come from pages.css."""

import datetime
import html
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

_WIDE, _HIGH, _LEFT = 640, 170, 40
_DAILY = 92  # more days than that are shown by week


def periods(last: datetime.date, days: int) -> tuple[list[str], Callable[[str], str]]:
    """Names of the periods shown, oldest first, and which one an ISO time falls into."""
    step = 1 if days <= _DAILY else 7
    count = -(-days // step)
    first = last - datetime.timedelta(days=count * step - 1)

    def at(when: str) -> str:
        passed = (datetime.date.fromisoformat(when[:10]) - first).days // step
        return (first + datetime.timedelta(days=passed * step)).isoformat()

    return [(first + datetime.timedelta(days=number * step)).isoformat() for number in range(count)], at


def over_time(title: str, names: Sequence[str], layers: Mapping[str, Counter[str]]) -> str:
    """Columns by period, the layers (at most three) on top of each other."""
    most = max((sum(layer[name] for layer in layers.values()) for name in names), default=0)
    step, pieces = (_WIDE - _LEFT) / max(1, len(names)), []
    for share in (0.0, 0.5, 1.0):
        y = 10 + _HIGH * (1 - share)
        pieces.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDE}" y1="{y:.1f}" y2="{y:.1f}"/>')
        if most * share == int(most * share) and (most or not share):
            pieces.append(f'<text x="{_LEFT - 6}" y="{y + 7:.1f}" text-anchor="end">{int(most * share)}</text>')
    for number, name in enumerate(names):
        y = 10.0 + _HIGH
        for shade, layer in enumerate(layers.values()):
            high = _HIGH * layer[name] / (most or 1)
            if not high:
                continue
            y -= high
            place = f'x="{_LEFT + number * step + step * 0.1:.1f}" y="{y:.1f}" width="{step * 0.8:.1f}"'
            pieces.append(f'<rect class="shade{shade}" {place} height="{high:.1f}"/>')
    if names:
        pieces.append(f'<text x="{_LEFT}" y="{_HIGH + 28}">{names[0]}</text>')
        pieces.append(f'<text x="{_WIDE}" y="{_HIGH + 28}" text-anchor="end">{names[-1]}</text>')
    key = "".join(
        f'<span class="key"><svg width="12" height="12" aria-hidden="true"><rect class="shade{shade}" width="12" '
        f'height="12" rx="3"/></svg> {html.escape(layer)}: {sum(counts[name] for name in names)}</span> '
        for shade, (layer, counts) in enumerate(layers.items())
    )
    said = (f"{name}: {counts[name]} {layer}" for name in names for layer, counts in layers.items() if counts[name])
    return _figure(title, said, pieces, _HIGH + 34, key)


def ranked(title: str, counts: Counter[str], most_shown: int = 8) -> str:
    """Bars, the longest first."""
    rows = counts.most_common(most_shown)
    most, pieces = max((count for _, count in rows), default=1), []
    for line, (name, count) in enumerate(rows):
        long, y = 300 * count / most, line * 36
        pieces.append(f'<text x="0" y="{y + 22}">{html.escape(name)}</text>')
        pieces.append(f'<rect class="shade0" x="280" y="{y + 6}" width="{long:.1f}" height="20" rx="4"/>')
        pieces.append(f'<text x="{288 + long:.1f}" y="{y + 22}">{count}</text>')
    return _figure(title, (f"{name}: {count}" for name, count in rows), pieces, 36 * len(rows) or 1)


def _figure(title: str, said: Iterable[str], pieces: Sequence[str], high: int, key: str = "") -> str:
    label = html.escape(f"{title}. {'; '.join(said) or 'none'}")
    return (
        f'<figure><figcaption>{html.escape(title)}</figcaption><svg viewBox="0 0 {_WIDE} {high}" role="img" '
        f'aria-label="{label}">{"".join(pieces)}</svg>{key}</figure>'
    )
