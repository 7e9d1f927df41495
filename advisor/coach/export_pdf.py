"""The plan as a PDF to hand to a board: title, summary, radar, steps, programmes, runway, sources."""

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Circle, Drawing, Line, Polygon, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from advisor.coach.export_text import HORIZONS, LEGAL, TESTS, VERDICTS, cited, marks, summary, title_of

_INK, _SOFT, _ACCENT = colors.HexColor("#1c2733"), colors.HexColor("#5b6b7a"), colors.HexColor("#0b6e6e")
_PALE = colors.HexColor("#e8f1f1")
_WIDTH = A4[0] - 40 * mm


def as_pdf(plan: Mapping[str, Any]) -> bytes:
    """The document's bytes."""
    _fonts()
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=20 * mm,
        bottomMargin=20 * mm,
        title="A plan for your cluster",
        author="Cluster Advisor",
        lang=plan.get("language", "en"),
        invariant=1,
    )
    document.build(list(_story(plan)), onFirstPage=_footer(plan), onLaterPages=_footer(plan))
    return out.getvalue()


def _fonts() -> None:
    """The Vera faces that reportlab carries: they cover the six languages."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Plan", "Vera.ttf"), ("Plan-Bold", "VeraBd.ttf"), ("Plan-Italic", "VeraIt.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily("Plan", normal="Plan", bold="Plan-Bold", italic="Plan-Italic", boldItalic="Plan-Bold")


def _style(name: str, **more: Any) -> ParagraphStyle:
    base: dict[str, Any] = {"fontName": "Plan", "fontSize": 9, "leading": 12.5, "textColor": _INK, "spaceAfter": 3}
    return ParagraphStyle(name, **{**base, **more})


_BODY = _style("body")
_SMALL = _style("small", fontSize=7.5, leading=10, textColor=_SOFT, spaceAfter=1)
_TITLE = _style("title", fontName="Plan-Bold", fontSize=22, leading=27, textColor=_ACCENT, spaceAfter=2)
_H1 = _style(
    "h1", fontName="Plan-Bold", fontSize=13, leading=17, textColor=_ACCENT, spaceBefore=10, spaceAfter=4, keepWithNext=1
)
_H2 = _style("h2", fontName="Plan-Bold", fontSize=10, leading=13, spaceBefore=6, spaceAfter=2, keepWithNext=1)
_CELL = _style("cell", fontSize=7.5, leading=9.8, spaceAfter=0)


def _text(text: str, style: ParagraphStyle = _BODY, bold: bool = False) -> Paragraph:
    safe = escape("".join(c if ord(c) < 0x250 or c in "–—‘’“”„•…€™" else "?" for c in text))
    return Paragraph(f"<b>{safe}</b>" if bold else safe, style)


def _footer(plan: Mapping[str, Any]) -> Any:
    def draw(canvas: Any, document: Any) -> None:
        canvas.setFont("Plan", 7)
        canvas.setFillColor(_SOFT)
        canvas.drawString(20 * mm, 12 * mm, f"Cluster Advisor · made on {plan['made']}")
        canvas.drawRightString(A4[0] - 20 * mm, 12 * mm, str(document.page))

    return draw


def _story(plan: Mapping[str, Any]) -> Iterator[Any]:
    known = plan["known"]
    yield _text("A plan for your cluster", _TITLE)
    yield _text(
        " · ".join(str(known[k]) for k in ("industry", "region", "country") if known.get(k)) or "Innovation cluster",
        _SMALL,
    )
    yield Spacer(1, 6)
    box = [[[_text(row) for row in summary(plan)], radar([row["score"] for row in plan["readiness"]])]]
    yield Table(
        box,
        colWidths=[_WIDTH - 62 * mm, 62 * mm],
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), _PALE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 8),
            ]
        ),
    )
    yield _text("Next steps", _H1)
    for horizon, heading in HORIZONS.items():
        rows = [row for row in plan["steps"] if row["horizon"] == horizon]
        if rows:
            yield _text(heading, _H2)
            yield _step_table(rows)
    yield _text("Is there a cluster already?", _H1)
    yield _text(VERDICTS[plan["existing"]["verdict"]])
    yield from _bullets(
        [*(s for c in plan["existing"]["clusters"] for s in c["sentences"]), *plan["existing"]["advice"]]
    )
    yield _text("Programmes", _H1)
    yield from _programmes(plan)
    yield from _runway(plan)
    yield _text("Readiness", _H1)
    yield _grid(
        ["Item", "Score", "Where you are", "What the next level asks (our scale), and what the source says"],
        [
            [
                f"{r['item']}. {r['title']}",
                f"{r['score']}/4",
                r["level"],
                f"{r['gap']} The source says: {r['grounds']}{marks(r['citations'])}",
            ]
            for r in plan["readiness"]
        ],
        [42 * mm, 14 * mm, 52 * mm, _WIDTH - 108 * mm],
    )
    yield from _tail(plan)


def _tail(plan: Mapping[str, Any]) -> Iterator[Any]:
    yield _text("Comparable cases", _H1)
    for case in [*plan["cases"], *([plan["counter"]] if plan["counter"] else [])]:
        alike = ", ".join(f"{name}: {value}" for name, value in case["alike"].items()) or "little"
        other = " (it went the other way)" if case is plan["counter"] else ""
        yield KeepTogether(
            [_text(f"{case['title']}{other}", _H2), _text(f"Outcome: {case['outcome']}. Alike: {alike}.", _SMALL)]
        )
        yield from _bullets(case["sentences"])
    yield _text("The first meeting", _H1)
    for name, heading in (("agenda", "Agenda"), ("invite", "Whom to invite"), ("leave_with", "What to leave with")):
        yield _text(heading, _H2)
        yield from _bullets(plan["meeting"][name])
    yield _text("Questions to ask", _H2)
    yield from (_text(f"• {row}") for row in plan["meeting"]["questions"])
    if plan["competition"]:
        yield _text("When rivals meet", _H2)
        yield from _bullets(plan["competition"]["sentences"])
    yield _text(LEGAL, _SMALL)
    yield _text("Sources", _H1)
    for row in plan["citations"]:
        dated = f", as of {row['as_of']}" if row["as_of"] else ""
        yield _text(f"[{row['n']}] {row['reference'] or row['title']}{dated}. {row['url'] or row['source']}", _SMALL)


def _bullets(rows: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    yield from (_text(f"• {cited(row)}") for row in rows)


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    cells = [[_text(cell, _CELL, bold=True) for cell in head], *([_text(cell, _CELL) for cell in row] for row in rows)]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), _PALE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.HexColor("#c9d3d9")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return Table(cells, colWidths=list(widths), repeatRows=1, style=style)


def _step_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    return _grid(
        ["", "What we suggest, and what the source says", "Why", "Who", "Risk and sign of success"],
        [
            [
                "[x]" if row.get("done") else "[  ]",
                f"{row['action']}. The source says: {row['grounds']}{marks(row['citations'])}",
                row["why"],
                f"{row['who']} ({row['effort']} effort)",
                f"Risk: {row['risk']}. Sign: {row['sign']}.",
            ]
            for row in rows
        ],
        [9 * mm, 52 * mm, 37 * mm, 28 * mm, _WIDTH - 126 * mm],
    )


def _programmes(plan: Mapping[str, Any]) -> Iterator[Any]:
    if plan["none_in_country"]:
        yield _text("We know of no living cluster programme in your country. What others did:")
        yield from _bullets(plan["others"])
    for row in plan["programmes"]:
        missing = ", ".join(TESTS[t["test"]] for t in row["tests"] if t["met"] is not True)
        yield _text(f"{row['title']} ({row['status'].replace('_', ' ')})", _H2)
        late = "; may be out of date" if row["outdated"] else ""
        yield _text(
            f"You meet {row['meet']} of {row['of']}"
            + (f"; missing or not known: {missing}." if missing else ".")
            + f" Facts as of {row['as_of']}{late}."
        )
        yield from _bullets(row["sentences"])


def _runway(plan: Mapping[str, Any]) -> Iterator[Any]:
    yield _text("Life after the grant", _H1)
    made = plan["runway"]
    if not made:
        yield _text("To compute a runway we still need: " + ", ".join(plan["runway_missing"]).replace("_", " ") + ".")
        return
    names = ("fees", "projects", "grant", "costs", "gap")
    yield _grid(
        ["Year", "Fees", "Projects", "Grant", "Costs", "Left over"],
        [[str(row["year"]), *(f"{row[name]:,}" for name in names)] for row in made["rows"]],
        [_WIDTH / 6] * 6,
    )
    yield bars(made["rows"])
    yield from _bullets(made["others"])


def radar(scores: Sequence[int]) -> Drawing:
    """Ten spokes from 0 to 4."""
    size, middle, reach = 58 * mm, 29 * mm, 22 * mm
    drawing = Drawing(size, size)

    def at(spoke: int, value: float) -> tuple[float, float]:
        angle = math.pi / 2 - 2 * math.pi * spoke / len(scores)
        return middle + reach * value / 4 * math.cos(angle), middle + reach * value / 4 * math.sin(angle)

    for ring in range(1, 5):
        drawing.add(
            Circle(
                middle,
                middle,
                reach * ring / 4,
                fillColor=None,
                strokeColor=colors.HexColor("#b9c9cc"),
                strokeWidth=0.4,
            )
        )
    for spoke in range(len(scores)):
        drawing.add(Line(middle, middle, *at(spoke, 4), strokeColor=colors.HexColor("#b9c9cc"), strokeWidth=0.4))
        x, y = at(spoke, 4.7)
        drawing.add(
            String(x, y - 2.5, str(spoke + 1), fontName="Plan", fontSize=6.5, textAnchor="middle", fillColor=_SOFT)
        )
    points = [coordinate for spoke, value in enumerate(scores) for coordinate in at(spoke, max(value, 0.05))]
    drawing.add(Polygon(points, fillColor=colors.Color(0.04, 0.43, 0.43, 0.3), strokeColor=_ACCENT, strokeWidth=1.2))
    return drawing


def bars(rows: Sequence[Mapping[str, Any]]) -> Drawing:
    """What is left over, by year."""
    drawing = Drawing(_WIDTH, 48 * mm)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 52, 18, _WIDTH - 70, 36 * mm
    chart.data = [[row["gap"] for row in rows]]
    chart.categoryAxis.categoryNames = [str(row["year"]) for row in rows]
    chart.categoryAxis.labels.fontName = chart.valueAxis.labels.fontName = "Plan"
    chart.categoryAxis.labels.fontSize = chart.valueAxis.labels.fontSize = 6.5
    chart.categoryAxis.labelAxisMode = "low"
    gaps = [row["gap"] for row in rows]
    chart.valueAxis.valueMin, chart.valueAxis.valueMax = min(0, *gaps), max(0, *gaps) or 1
    chart.valueAxis.labelTextFormat = lambda value: f"{value:,.0f}"
    chart.bars[0].fillColor, chart.bars[0].strokeColor = _ACCENT, None
    drawing.add(chart)
    return drawing


__all__ = ["as_pdf", "bars", "radar", "title_of"]
