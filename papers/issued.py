"""Papers that were issued: their numbers and checksums, and the one place where anybody verifies one, whatever room issued
it. Rooms register how theirs are found when they are ready."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from web.text import NUMBER_ALPHABET


@dataclass(frozen=True)
class Issued:
    """What the public page may say of a paper: no name and no content."""

    number: str
    issuer: str
    issued_at: datetime
    sha256: str
    note: str = ""
    """What whoever relies on the paper should know besides."""


@dataclass(frozen=True)
class Verdict:
    paper: Issued
    is_unchanged: bool | None
    """None: no file was shown."""


FINDERS: list[Callable[[dict[str, str]], Issued | None]] = []
"""Called with {"number": …} or {"sha256": …}."""


def new_paper_number(prefix: str) -> str:
    """Random, so that nobody finds papers by counting: WS-7K3M-9QXT."""
    signs = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{prefix}-{signs[:4]}-{signs[4:]}"


def checksum_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verify(*, number: str = "", content: bytes | None = None) -> Verdict | None:
    """By its number, by the file itself, or both. None: no such paper."""
    if content is None and not number.strip():
        return None
    sha256 = checksum_of(content) if content is not None else ""
    asked = {"number": "".join(number.split()).upper()} if number.strip() else {"sha256": sha256}
    paper = next((issued for find in FINDERS if (issued := find(asked)) is not None), None)
    if paper is None:
        return None
    return Verdict(paper, None if content is None else paper.sha256 == sha256)
