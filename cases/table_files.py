"""Reading the tables people hand in: CSV or XLSX, plain or .gz, with any of the usual heads and dates; what became of
their rows. Pure."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from openpyxl import load_workbook

ZONE = ZoneInfo("Asia/Shanghai")
MAX_BYTES = 200_000_000
"""Of a file as unpacked: the real ones have 3 MB."""
csv.field_size_limit(10_000_000)

DATE_FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y年%m月%d日",
    "%Y.%m.%d",
    "%Y%m%d",
)


@dataclass
class Report:
    """What became of the rows."""

    imported: int = 0
    known: int = 0
    rejects: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.imported + self.known + len(self.rejects)


@contextmanager
def on_disk(upload: UploadedFile[bytes]) -> Iterator[Path]:
    """An uploaded table as a file, under a name that says no more than its type."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"table{Path(upload.name or '').suffix.lower()}")
        path.write_bytes(upload.read())
        yield path


def read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, row by head) of each row that is not empty. Raises ValidationError if it is no table at all."""
    try:
        with _opened(path) as file:
            name = path.with_suffix("").name if path.suffix == ".gz" else path.name
            yield from _xlsx(file) if name.lower().endswith(".xlsx") else _csv(file)
    except FileNotFoundError:
        raise ValidationError(f"没有这个文件：{path}") from None
    except (OSError, EOFError) as fault:
        raise ValidationError(f"打不开 {path.name}：{fault}") from fault


def _opened(path: Path) -> IO[bytes]:
    return gzip.GzipFile(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _read(file: IO[bytes]) -> bytes:
    raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise ValidationError("文件太大，请分成几个文件。")
    return raw


def _csv(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    raw = _read(file)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    lines = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    head = [cell.strip() for cell in next(lines, [])]
    if len([cell for cell in head if cell]) < 2:
        raise ValidationError("第一行应是列名，例如：编号,标题,时间,内容。")
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield lines.line_num, _by_head(head, cells)


def _xlsx(file: IO[bytes]) -> Iterator[tuple[int, dict[str, Any]]]:
    packed = io.BytesIO(_read(file))
    try:
        if sum(part.file_size for part in ZipFile(packed).infolist()) > MAX_BYTES:
            raise ValidationError("文件太大，请分成几个文件。")
        sheet = load_workbook(packed, read_only=True, data_only=True).worksheets[0]
    except ValidationError:
        raise
    except Exception:
        raise ValidationError("打不开这个 Excel 文件，请另存为 .xlsx 再试。") from None
    lines = sheet.iter_rows(values_only=True)
    head = [str(cell or "").strip() for cell in next(lines, ())]
    for number, cells in enumerate(lines, start=2):
        if any(cell not in (None, "") for cell in cells):
            yield number, _by_head(head, list(cells))


def _by_head(head: list[str], cells: list[Any]) -> dict[str, Any]:
    """A row with more or fewer cells than the head says so under the head `_shape`."""
    row = dict(zip(head, cells, strict=False))
    if len(cells) != len(head):
        row["_shape"] = f"有 {len(cells)} 列，表头是 {len(head)} 列"
    return row


def read_moment(said: Any) -> datetime:
    """A moment in Chinese time, in any format the real files have. Raises ValidationError."""
    if isinstance(said, datetime):
        return said.replace(tzinfo=said.tzinfo or ZONE)
    text = re.sub(r"\s+", " ", str(said or "")).strip()
    if not text:
        raise ValidationError("没有时间")
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    raise ValidationError(f"看不懂时间“{text[:40]}”，请写成 2026-11-23 09:30")


def write_rejects(path: Path, rejects: list[tuple[int, str, dict[str, Any]]]) -> None:
    """The rows that did not go in, as they came, with line and reason: mend and import this very file again."""
    heads: list[str] = []
    for _, _, row in rejects:
        heads += [name for name in row if name and name not in heads and name != "_shape"]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(["行号", "原因", *heads])
        out.writerows([line, reason, *(_plain(row.get(name)) for name in heads)] for line, reason, row in rejects)


def _plain(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in "=+-@" and text else text  # a spreadsheet must not run it
