"""A sheet, the whole file or a poster as PDF: set by Typst from paper.typ and poster.typ. What people wrote goes in as data,
never as markup."""

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pylopdf_fonts_jp
import pylopdf_fonts_zh_cn
import typst
from pypdf import PdfReader

from papers.sheet import Bound, Entry, Fields, Para, Picture, Seal, Sheet, Signs, Stamp, Table, Text, parted
from web import qr

PAPER, POSTER = (Path(__file__).with_name(name) for name in ("paper.typ", "poster.typ"))
FONTS = [pylopdf_fonts_zh_cn.serif_path().parent, pylopdf_fonts_jp.serif_path().parent]


class Setting:
    """Collects the pictures of a document while its blocks become data."""

    def __init__(self, template: Path = PAPER) -> None:
        self.files: dict[str, bytes] = {"main.typ": template.read_bytes()}

    def keep(self, content: bytes, suffix: str = "jpg") -> str:
        name = f"{len(self.files)}.{suffix}"
        self.files[name] = content
        return name

    def sheet(self, sheet: Sheet) -> dict[str, Any]:
        body, tail = ([self.block(block) for block in blocks] for blocks in parted(sheet.blocks))
        return {
            "kind": "sheet",
            "title": sheet.title,
            "subtitle": sheet.subtitle,
            "blocks": body,
            "tail": tail,
            "note": sheet.note,
        }

    def bound(self, paper: Bound) -> dict[str, Any]:
        return {"kind": "bound", "file": self.keep(paper.pdf, "pdf"), "pages": len(PdfReader(BytesIO(paper.pdf)).pages)}

    def block(self, block: Any) -> dict[str, Any]:
        match block:
            case Fields(rows):
                return {"kind": "fields", "rows": [[part for pair in row for part in pair] for row in rows]}
            case Text(label, words):
                return {"kind": "text", "label": label, "words": words}
            case Para(words):
                return {"kind": "para", "words": words}
            case Table(head, rows):
                return {"kind": "table", "head": list(head), "rows": [list(row) for row in rows]}
            case Signs(hands):
                return {"kind": "signs", "hands": [self.hand(hand) for hand in hands]}
            case Seal(committee, date):
                return {"kind": "seal", "committee": committee, "date": date}
            case Picture(content, caption):
                return {"kind": "picture", "picture": self.keep(content), "caption": caption}
        raise TypeError(block)

    def hand(self, hand: Any) -> dict[str, str]:
        picture = self.keep(hand.picture) if hand.picture else ""
        return {"role": hand.role, "name": hand.name, "picture": picture, "at": hand.at}

    def compile(self, document: dict[str, Any]) -> bytes:
        self.files["document.json"] = json.dumps(document, ensure_ascii=False).encode()
        # System fonts come after ours: they help where neither of ours knows a sign.
        with TemporaryDirectory() as folder:  # only this process may look into it, and it is gone at once
            for name, content in self.files.items():
                (Path(folder) / name).write_bytes(content)
            pdf: bytes = typst.compile(  # type: ignore[misc]  # its stub cannot tell which kind of input this is
                str(Path(folder) / "main.typ"), root=folder, font_paths=FONTS
            )
        return pdf


def paper_pdf(sheet: Sheet, *, stamp: Stamp | None = None) -> bytes:
    """One paper. `stamp`: as it is issued; without it the sheet's note stands at the foot."""
    setting = Setting()
    document: dict[str, Any] = {"kind": "paper", "title": sheet.title, "sheets": [setting.sheet(sheet)]}
    if stamp is not None:
        code = qr.svg(stamp.verify_url, label="验证二维码").encode()
        document["stamp"] = {
            "number": stamp.number, "url": stamp.verify_url, "picture": setting.keep(code, "svg"),
            "by": stamp.issued_by, "on": stamp.issued_on,
        }  # fmt: skip
    return setting.compile(document)


def file_pdf(
    *, title: str, heading: str, cover: Sequence[tuple[str, str]], entries: Sequence[Entry], note: str = ""
) -> bytes:
    """A whole file: cover with its heading, table of contents with the pages on which entries begin, the sheets, back cover."""
    setting = Setting()
    lines = [
        {
            "number": entry.number,
            "title": entry.title,
            "is_required": entry.is_required,
            "remark": entry.remark,
            "is_missing": entry.is_missing,
            "is_back": entry.made_by_the_file,
            "sheets": [
                setting.bound(sheet) if isinstance(sheet, Bound) else setting.sheet(sheet) for sheet in entry.sheets
            ],
        }
        for entry in entries
    ]
    cover_rows = [list(row) for row in cover]
    return setting.compile(
        {"kind": "file", "title": title, "heading": heading, "cover": cover_rows, "entries": lines, "note": note}
    )


def poster_pdf(*, title: str, subtitle: str, points: Sequence[str], foot: str, url: str) -> bytes:
    """A sheet to hang up: numbered points in large print, and a QR code that leads to `url`."""
    setting = Setting(POSTER)
    picture = setting.keep(qr.svg(url, label="二维码").encode(), "svg")
    words = {"title": title, "subtitle": subtitle, "points": list(points), "foot": foot, "picture": picture}
    return setting.compile(words)
