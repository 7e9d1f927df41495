"""A synthetic page of the seed's shape, in several layouts."""

from collections.abc import Sequence

ARTICLE = (
    "Mar 3, 2022 at 9:15 am",
    "",
    "How harbour towns build a seaweed cluster",
    "",
    "Forty growers, two universities and a ferry company share one office in Otterby. This article tells how the seaweed cluster began.",
    "",
    "Nora Fjeld",
    "",
    "",
    "What the members wanted",
    "",
    "The growers wanted a drying plant. No single company could pay for it, so the cluster applied to the regional programme for a shared plant.",
    "",
    "Five-item readiness list",
    "",
    "  1. a shared theme",
    "  2. Members who pay",
    "  3. Trust among growers",
    "  4. An office",
    "  5. Research partners",
    "",
    "What came after the grant",
    "",
    "After six years the grant ended. Membership fees and the drying plant's income now pay for the manager and the seaweed school.",
    "",
    "Nora Fjeld",
    "",
    "Nora Fjeld",
    "",
    "Writes about harbours, growers and their clusters.",
    "",
)
KEPT = tuple(line for line in ARTICLE if line and "Nora" not in line and "2022" not in line)
EMPTY = (
    "GloriaUtemi",
    "Rosettacom",
    "KathyGuisp",
    "EllenWep",
    "Lydiawoupe",
    "RobertaRhive",
    "CrystalNoicy",
    "DonnaGeome",
)
SPAM = (
    ("hot milf cams", "Hot lesbian porn and sexy nude girls, best xxx videos free at camsfun.xyz"),
    (
        "Вадим",
        "Лучшее онлайн казино, 200 фриспинов без депозита, играй сейчас. Больше на сайте https://zoloto-kazino.ru/",
    ),
    ("pillsman", "Buy viagra and cialis without prescription, cheap pharmacy, order now at bigpills.store"),
)
GOOD = (
    ("Ingrid", "How did the growers share the drying plant's income before the grant ended?"),
    ("Olga", "Спасибо, очень полезно!"),
    (
        "Tom",
        "We tried the same with oyster growers in our harbour. The manager left after a year and the members lost trust.",
    ),
)


def text_page(
    entries: Sequence[tuple[str, str]],
    layout: str = "numbered",
    newline: str = "\n",
    marker: str = "Join the conversation",
) -> str:
    """The article with its comments below, in this layout."""
    lines = [*ARTICLE, marker, "", ""]
    for number, (author, body) in enumerate(entries, 1):
        if layout == "numbered":
            lines += [
                f"  {number}. {author}",
                *([""] + [f"    {line}" for line in body.split("\n")] if body else []),
                "",
            ]
        elif layout == "says":
            lines += [f"{author} says:", *([body] if body else []), ""]
        elif layout == "posted":
            lines += [f"Posted by {author} on March 5, 2022", *([body] if body else []), ""]
        elif layout == "dated":
            lines += [f"{author}, 5 March 2022", *([body] if body else []), ""]
        else:
            lines += [author, "March 5, 2022 at 8:30 pm", *([body] if body else []), ""]
    return newline.join(lines)


def html_page(entries: Sequence[tuple[str, str]], extra: str = "") -> str:
    """The same page as HTML."""
    body = []
    for line in ARTICLE:
        if not line or "Nora" in line:
            continue
        if line[:4].strip().rstrip(".").isdigit() or line.startswith("  "):
            body.append(f"<ol><li>{line.split('. ', 1)[1]}</li></ol>")
        elif len(line) < 60 and "2022" not in line:
            body.append(f"<h2>{line}</h2>" if "harbour towns" not in line else f"<h1>{line}</h1>")
        else:
            body.append(f"<p>{line}</p>")
    items = "".join(
        f'<li class="comment depth-1" id="comment-{i}"><div class="comment-author vcard"><cite class="fn">{author}</cite></div>'
        f'<div class="comment-meta">March 5, 2022</div><div class="comment-content"><p>{text}</p></div></li>'
        for i, (author, text) in enumerate(entries)
    )
    region = (
        f'<div id="comments" class="comments-area"><h2>{len(entries)} comments</h2><ol class="comment-list">{items}</ol></div>'
        if entries
        else ""
    )
    return f"<html><head><title>How harbour towns build a seaweed cluster</title></head><body><article>{''.join(body)}{extra}</article>{region}</body></html>"


ENTRIES = (*((name, "") for name in EMPTY[:4]), SPAM[0], *((name, "") for name in EMPTY[4:]), SPAM[1], SPAM[2], *GOOD)
