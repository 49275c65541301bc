"""Who may have which paper, issuing one, verifying one, and what people bring for the file."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from cases.access import standing_of
from cases.models import Case
from cases.photos import Photo
from cases.services import NUMBER_ALPHABET
from cases.workflow import PARTY
from disputes.models import Exhibit, IssuedPaper, Party, Side
from disputes.models.paper import sealed
from disputes.papers.kinds import APPLICANTS, PARTIES, Kind, Paper, papers_of
from disputes.papers.pdf import paper_pdf
from disputes.papers.record import Record
from disputes.papers.sheet import Stamp
from disputes.workflow import MEDIATES


def handles(case: Case, reader: User, *, at: datetime) -> bool:
    return bool(standing_of(reader, case, at=at) & MEDIATES)


def _reads_as(case: Case, reader: User, at: datetime) -> frozenset[str] | None:
    """None: everything, as who mediates."""
    standing = standing_of(reader, case, at=at)
    if PARTY not in standing:
        return None if standing & MEDIATES else frozenset()
    own = Party.objects.filter(dispute=case.pk, person=reader)
    return frozenset({PARTIES} | ({APPLICANTS} if own.filter(side=Side.APPLICANT).exists() else set()))


def may_have(kind: Kind, reads_as: frozenset[str] | None) -> bool:
    return reads_as is None or bool(kind.readers & reads_as)


def papers_for(case: Case, reader: User, *, at: datetime) -> list[Paper]:
    """The papers this person may have: who mediates all, a party those that are theirs (人民调解法 15)."""
    reads_as = _reads_as(case, reader, at)
    return [paper for paper in papers_of(Record(case)) if may_have(paper.kind, reads_as)]


def issued_for(case: Case, reader: User, *, at: datetime) -> list[IssuedPaper]:
    codes = {paper.code for paper in papers_for(case, reader, at=at)}
    return list(IssuedPaper.objects.filter(dispute=case.pk, code__in=codes).order_by("-pk"))


def issue(*, case: Case, code: str, by: User, at: datetime, verify_url: str) -> IssuedPaper:
    """签发: the paper as it is now gets a number and a checksum, and stays so. The caller has made sure that `by` mediates.

    `verify_url`: the public page, to which the number is added. Raises ValidationError: no such paper, or what it lacks."""
    paper = next((paper for paper in papers_of(Record(case)) if paper.code == code), None)
    if paper is None:
        raise ValidationError("没有这份文书。")
    if missing := paper.missing:
        raise ValidationError(f"《{paper.title}》还不能签发，缺：{'、'.join(missing)}。")
    number = new_number()
    content = paper_pdf(paper.sheet, stamp=Stamp(number, f"{verify_url}?number={number}"))
    return IssuedPaper.objects.create(
        dispute=case.dispute, code=code, title=paper.title, number=number, issued_at=at, issued_by=by,
        sha256=hashlib.sha256(content).hexdigest(), committee=paper.record.committee, file=sealed(content),
    )  # fmt: skip


def new_number() -> str:
    """Random, so that nobody finds papers by counting: WS-7K3M-9QXT."""
    signs = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"WS-{signs[:4]}-{signs[4:]}"


@dataclass(frozen=True)
class Verdict:
    """What the public page says of a paper: no name and no content."""

    paper: IssuedPaper
    is_unchanged: bool | None
    """None: no file was shown."""


def verify(*, number: str = "", content: bytes | None = None) -> Verdict | None:
    """By its number, by the file itself, or both. None: no such paper."""
    sha256 = hashlib.sha256(content).hexdigest() if content is not None else ""
    asked = {"number": "".join(number.split()).upper()} if number.strip() else {"sha256": sha256}
    paper = IssuedPaper.objects.filter(**asked).first()
    if paper is None:
        return None
    return Verdict(paper, None if content is None else paper.sha256 == sha256)


def add_exhibits(*, case: Case, entry: str, photos: list[Photo], by: User, at: datetime) -> int:
    """What somebody brought, put into the file; the same picture twice is one. Returns how many are new."""
    added = 0
    for photo in photos:
        try:
            with transaction.atomic():
                Exhibit.objects.create(
                    dispute=case.dispute, entry=entry, sha256=photo.sha256, file=sealed(photo.content),
                    added_by=by, added_at=at,
                )  # fmt: skip
        except IntegrityError:
            continue
        added += 1
    return added
