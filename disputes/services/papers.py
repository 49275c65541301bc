"""Who may have which paper, issuing one, and what people bring for the file."""

from datetime import datetime

from django.core.exceptions import ValidationError

from accounts.models import User
from cases.engine.access import standing_of
from cases.engine.turns import turn_on
from cases.models import Case
from cases.workflow import PARTY
from disputes.models import Exhibit, IssuedPaper, Party, Side
from disputes.papers.kinds import APPLICANTS, PARTIES, Kind, Paper, papers_of
from disputes.papers.record import Record, day
from disputes.workflow import MEDIATES
from papers.files import paper_path, sealed
from papers.issued import Issued, checksum_of, new_paper_number
from papers.pdf import paper_pdf
from papers.sheet import Stamp
from photos.cleaning import Photo
from photos.storing import store


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
    return [paper for paper in papers_of(Record(case, at=at)) if may_have(paper.kind, reads_as)]


def issued_for(case: Case, reader: User, *, at: datetime) -> list[IssuedPaper]:
    codes = {paper.code for paper in papers_for(case, reader, at=at)}
    return list(IssuedPaper.objects.filter(dispute=case.pk, code__in=codes).order_by("-pk"))


def issue(*, case: Case, code: str, by: User, at: datetime, verify_url: str) -> IssuedPaper:
    """签发: the paper as it is now gets a number and a checksum, and stays so. The caller has made sure that `by` mediates.

    `verify_url`: the public page, to which the number is added. Raises ValidationError: no such paper, or what it lacks."""
    paper = next((paper for paper in papers_of(Record(case, at=at)) if paper.code == code), None)
    if paper is None:
        raise ValidationError("没有这份文书。")
    if missing := paper.missing:
        raise ValidationError(f"《{paper.title}》还不能签发，缺：{'、'.join(missing)}。")
    number = new_paper_number("WS")
    content = paper_pdf(paper.sheet, stamp=Stamp(number, f"{verify_url}?number={number}", by.name, day(at)))
    return IssuedPaper.objects.create(
        dispute=case.dispute,
        code=code,
        title=paper.title,
        number=number,
        issued_at=at,
        issued_by=by,
        sha256=checksum_of(content),
        committee=paper.record.committee,
        file=sealed(content),
    )


def find_issued(asked: dict[str, str]) -> Issued | None:
    """For the public page (papers.issued.FINDERS)."""
    paper = IssuedPaper.objects.filter(**asked).first()
    return Issued(paper.number, paper.committee, paper.issued_at, paper.sha256) if paper else None


def add_exhibits(*, case: Case, entry: str, photos: list[Photo], by: User, at: datetime) -> int:
    """What somebody brought, put into the file; the same picture twice is one. Returns how many are new.

    Raises ValidationError at `photos` when they cannot be stored; then none of them is."""
    with turn_on(case, by=by, at=at):
        kept = set(Exhibit.objects.filter(dispute=case.pk, entry=entry).values_list("sha256", flat=True))
        new = [photo for photo in photos if photo.sha256 not in kept]
        names = store((sealed(photo.content) for photo in new), path=paper_path, needed=True)
        for photo, name in zip(new, names, strict=True):
            Exhibit.objects.create(
                dispute=case.dispute, entry=entry, sha256=photo.sha256, file=name, added_by=by, added_at=at
            )
    return len(new)
