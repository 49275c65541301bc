"""Papers as an office suite shows them: .docx opened in LibreOffice, PDF turned into pictures by poppler, where this machine
has both."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

OFFICE = os.environ.get("SOFFICE") or shutil.which("soffice") or ""
"""LibreOffice: the one that is installed, or another that SOFFICE names."""


def _lacks() -> str:
    if not OFFICE:
        return "no LibreOffice (soffice) on this machine"
    if sys.platform == "linux" and not (Path(OFFICE).resolve().parent / "libswlo.so").exists():
        return "this LibreOffice has no Writer (apt install libreoffice-writer-nogui)"
    return "" if shutil.which("pdftoppm") else "no pdftoppm on this machine (apt install poppler-utils)"


needs_an_office_suite = pytest.mark.skipif(bool(_lacks()), reason=_lacks())


def printed(documents: dict[str, bytes], folder: Path) -> dict[str, Path]:
    """Each .docx as PDF, by its name. One start of LibreOffice for all, with a profile of its own."""
    paths = {name: folder / f"{name}.docx" for name in documents}
    for name, path in paths.items():
        path.write_bytes(documents[name])
    profile = f"-env:UserInstallation=file://{folder.resolve()}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, paths.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: path.with_suffix(".pdf") for name, path in paths.items()}


def pictures(pdf: Path) -> list[Path]:
    """One PNG a page, beside it."""
    for old in pdf.parent.glob(f"{pdf.stem}-*.png"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", "70", "-png", str(pdf), str(pdf.with_suffix(""))], check=True)
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


def inked(picture: Path) -> float:
    """How much of the page is not white, from 0 to 1."""
    with Image.open(picture) as page:
        grey = page.convert("L").histogram()
    return 1 - sum(grey[240:]) / sum(grey)
