"""Files into pages; bad ones give one clear error."""

import io
import os
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
from reportlab.pdfgen import canvas

from advisor.errors import SourceError
from advisor.ingest import clean, sources


def pdf(*pages: str) -> bytes:
    out = io.BytesIO()
    drawing = canvas.Canvas(out)
    for page in pages:
        for i, line in enumerate(page.split("\n")):
            drawing.drawString(72, 760 - 16 * i, line)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "Næringsklyngen på Ålesund – «tillit» og økonomi.\n" * 20
    assert sources.decode(text.encode(encoding), "x") == text


def test_declared_and_mixed_encodings() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Кластер объединяет</body></html>'
    assert "Кластер" in sources.decode(page.encode("cp1251"), "x")
    assert sources.decode("én\n".encode() + "to: ø\n".encode("cp1252"), "x") == "én\nto: ø\n"
    assert (
        sources.decode(b"null\0 bytes\0 here and there in a longer text", "x")
        == "null bytes here and there in a longer text"
    )


def test_pdf_pages_and_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf("Harbour report\nThe first page speaks of fees.", "The second page speaks of inno-\nvation in harbours.")
    )
    page = sources.read(path)
    blocks = clean.extract(page)
    assert {block.page for block in blocks} == {1, 2}
    assert any("innovation" in block.text for block in blocks if block.page == 2)


def test_docx_keeps_order_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Fees", 1)
    document.add_paragraph("Small firms pay less.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("size", "fee", "small", "500"), strict=True):
        cell.text = text
    document.add_paragraph("After the table.")
    document.save(str(tmp_path / "a.docx"))
    types = [block.type for block in clean.extract(sources.read(tmp_path / "a.docx"))]
    assert types == ["heading", "paragraph", "table", "paragraph"]


def test_mhtml(tmp_path: Path) -> None:
    body = (
        "<html><body><article><h1>Seaweed</h1>"
        + "<p>The growers met in the harbour and agreed on a fee for all.</p>" * 3
        + "</article></body></html>"
    )
    text = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Location: https://x.org/a\n\n{body}\n--b--\n'
    (tmp_path / "a.mhtml").write_text(text)
    page = sources.read(tmp_path / "a.mhtml")
    assert page.media == "html" and page.url == "https://x.org/a" and "growers" in page.text


def encrypted() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("secret")))
    writer.encrypt("pass", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 60_000_000)
    return out.getvalue()


BAD = {
    "empty.txt": (lambda: b"", "empty"),
    "blank.md": (lambda: b"\n \n\0", "empty"),
    "binary.txt": (lambda: os.urandom(4000), "binary"),
    "picture.html": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(200), "binary"),
    "broken.pdf": (lambda: b"%PDF-1.4 nothing", "cannot be read"),
    "encrypted.pdf": (encrypted, "encrypted"),
    "pictures.pdf": (lambda: pdf(""), "no text"),
    "broken.docx": (lambda: b"PK\x03\x04 nothing", "cannot be read"),
    "bomb.docx": (bomb, "unpacks"),
    "none.mhtml": (lambda: b"MIME-Version: 1.0\nContent-Type: text/plain\n\nhello\n", "no HTML"),
    "what.xyz": (lambda: b"hello", "Unknown kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_say_what_value_and_cure(tmp_path: Path, name: str) -> None:
    make, what = BAD[name]
    (tmp_path / name).write_bytes(make())
    with pytest.raises(SourceError, match=what) as caught:
        sources.read(tmp_path / name)
    assert caught.value.cure and name in str(caught.value.value)


def test_too_large(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(sources.MOST_BYTES + 1)
    with pytest.raises(SourceError, match="is the most"):
        sources.read(tmp_path / "large.txt")


def test_folders(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no documents"):
        sources.expand(tmp_path)
    with pytest.raises(SourceError, match="No such"):
        sources.expand(tmp_path / "none")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a\nb.txt").write_text("x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    assert [path.name for path in sources.expand(tmp_path)] == ["a\nb.txt"]
    assert sources.shown(tmp_path / "sub" / "a\nb.txt").endswith("a\\nb.txt")
