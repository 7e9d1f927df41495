"""Small plots as inline SVG: intervals, a confusion matrix, a distribution. No script, nothing loaded."""

import html
from collections.abc import Mapping, Sequence

from evals.judged import Figure

_ROW = 22
_LEFT = 225


def forest(rows: Sequence[tuple[str, Figure]], floors: Mapping[str, float]) -> str:
    """One row a figure between 0 and 1: its value, its 95 % interval, and a tick where its floor is."""
    wide, high = 380, _ROW * len(rows) + 26
    parts = [_svg(_LEFT + wide + 70, high, "shares with their 95 % intervals")]
    for step in range(5):
        x = _LEFT + wide * step / 4
        parts.append(f"<line class=grid x1={x} x2={x} y1=4 y2={high - 20} />")
        parts.append(f"<text x={x} y={high - 5} text-anchor=middle>{step * 25} %</text>")
    for i, (name, figure) in enumerate(rows):
        y = _ROW * i + 15
        low, value, top = (_LEFT + wide * min(1.0, max(0.0, v)) for v in (figure.low, figure.value, figure.high))
        parts.append(f"<text x={_LEFT - 8} y={y + 4} text-anchor=end>{html.escape(name)}</text>")
        parts.append(f"<line class=whisker x1={low:.1f} x2={top:.1f} y1={y} y2={y} />")
        parts.append(f"<circle class=dot cx={value:.1f} cy={y} r=5 />")
        if name in floors:
            x = _LEFT + wide * min(1.0, max(0.0, floors[name]))
            parts.append(f"<line class=floor x1={x:.1f} x2={x:.1f} y1={y - 8} y2={y + 8} />")
        parts.append(f"<text x={_LEFT + wide + 10} y={y + 4}>{figure.value:.1%}</text>")
    return "".join(parts) + "</svg>"


def matrix(table: Mapping[str, Mapping[str, int]]) -> str:
    """Expected (rows) against given (columns), each cell as dark as its share of the row."""
    names = sorted({*table, *(given for row in table.values() for given in row)})
    cell = 44
    parts = [_svg(_LEFT + cell * len(names) + 10, cell * len(names) + 40, "expected against given profile")]
    for column, given in enumerate(names):
        parts.append(f"<text x={_LEFT + cell * column + cell / 2} y=14 text-anchor=middle>{_short(given)}</text>")
    for row, expected in enumerate(names):
        y, counts = 22 + cell * row, table.get(expected, {})
        spoken = html.escape(expected.replace("_", " "))
        parts.append(f"<text x={_LEFT - 8} y={y + 27} text-anchor=end>{spoken} ({_short(expected)})</text>")
        for column, given in enumerate(names):
            n = counts.get(given, 0)
            share = n / max(1, sum(counts.values()))
            kind = "right" if given == expected else "wrong"
            x = _LEFT + cell * column
            opacity = f"{0.06 + 0.74 * share:.2f}"
            parts.append(f"<rect class={kind} x={x} y={y} width={cell - 2} height={cell - 2} fill-opacity={opacity} />")
            parts.append(f"<text x={x + cell / 2 - 1} y={y + 27} text-anchor=middle>{n or ''}</text>")
    return "".join(parts) + "</svg>"


def histogram(values: Sequence[float], unit: str, bins: int = 12) -> str:
    """How often which value comes."""
    if not values:
        return ""
    low, top = min(values), max(values)
    step = (top - low) / bins or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((value - low) / step))] += 1
    wide, high = 34, 110
    parts = [_svg(wide * bins + 20, high + 44, f"distribution of {unit}")]
    for i, count in enumerate(counts):
        tall = high * count / max(counts)
        x = 10 + wide * i
        parts.append(f"<rect class=right x={x} y={high + 16 - tall:.1f} width={wide - 4} height={tall:.1f} />")
        parts.append(f"<text x={x + 15} y={high + 12 - tall:.1f} text-anchor=middle>{count or ''}</text>")
        parts.append(f"<text x={x + 15} y={high + 30} text-anchor=middle>{low + step * i:.0f}</text>")
    return "".join(parts) + f"<text x=10 y={high + 43}>{html.escape(unit)}</text></svg>"


def _svg(width: float, height: float, label: str) -> str:
    return f"<svg width={width:.0f} height={height:.0f} viewBox='0 0 {width:.0f} {height:.0f}' role=img aria-label='{html.escape(label)}'>"


def _short(name: str) -> str:
    return "".join(part[0].upper() for part in name.split("_") if part)
