"""A dispute between 王秀英 and 赵建国 in every test of this room, a second resident's phone, the community's police."""

import os
import subprocess
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from PIL import Image, ImageDraw

from accounts.models import User
from cases.models import Case
from disputes.defaults.loading import load_defaults
from disputes.models import Agreement, DisputeType, Expert, Party, Side, Slot, Source
from disputes.papers.kinds import papers_of
from disputes.papers.record import Record
from disputes.papers.text import checksum
from disputes.services import agreements, papers, sessions, signing
from disputes.services.agreements import ClauseSaid
from disputes.services.opening import PartySaid, Spot, open_dispute
from photos.cleaning import clean
from tests.disputes.experts.panel import THURSDAY, booked, enlisted, slot_of
from tests.support.cast import MONDAY, Town, _appointed, draw, post_of


def clause(*, by: date) -> ClauseSaid:
    return ClauseSaid("赵建国修好空调排水管", "请师傅上门，费用自理", by)


@pytest.fixture
def dispute_defaults(defaults: None) -> None:
    load_defaults()


@pytest.fixture
def police(town: Town) -> User:
    return _appointed("马警官", 20, "police_officer", town.community)


@pytest.fixture
def mediator(town: Town) -> User:
    return _appointed("何调解", 21, "mediator", town.community)


@pytest.fixture
def dispute(dispute_defaults: None, town: Town, staff: dict[str, User], resident: User, neighbour: User) -> Case:
    """王秀英 asked; 赵建国 has not answered yet."""
    return apply(resident, neighbour, town)


def apply(resident: User, neighbour: User | None, town: Town, *, key: str = "key", **more: Any) -> Case:
    parties = more.pop("parties", None) or [
        PartySaid(Side.APPLICANT, person=resident),
        PartySaid(Side.RESPONDENT, person=neighbour),
    ]
    return open_dispute(
        spot=more.pop("spot", None) or Spot.of(town.estate, town.building),
        type=DisputeType.objects.get(code=more.pop("code", "0201")),
        summary=more.pop("summary", "楼上空调滴水"),
        parties=parties,
        source=more.pop("source", Source.PARTY),
        applicant=more.pop("applicant", resident),
        submit_key=key,
        at=more.pop("at", MONDAY),
        **more,
    )


def take_on(case: Case, leader: User, neighbour: User) -> None:
    """Both willing, taken on, the leader mediates."""
    draw(case, "consent", neighbour)
    draw(case, "accept", leader)
    draw(case, "name_mediators", leader, mediators=[post_of(leader)])


def meet(
    case: Case, by: User, *, at: datetime = MONDAY, record: str = "双方都说了难处。", result: str = "agreed",
    present: list[Party] | None = None,
) -> None:  # fmt: skip
    """One session, planned and held an hour later; everybody is there unless `present` says who."""
    case.refresh_from_db()
    sessions.plan_session(
        case=case,
        by=by,
        at=at,
        version=case.version,
        starts_at=at + timedelta(minutes=1),
        place="宜和社区议事亭",
        is_tea_table=True,
    )
    case.refresh_from_db()
    sessions.record_session(
        case=case,
        by=by,
        at=at + timedelta(hours=1),
        version=case.version,
        record=record,
        result=result,
        present=present or list(case.dispute.parties.all()),
    )


def draft(case: Case, by: User, *, at: datetime = MONDAY, **more: Any) -> Agreement:
    """Oral and performed at once, or written and performed in eight days."""
    case.refresh_from_db()
    today = localdate(at)
    terms = {
        "form": "oral",
        "facts": "空调水滴到楼下",
        "responsibilities": "赵建国负责修理",
        "clauses": [clause(by=today + timedelta(days=8) if more.get("form") == "written" else today)],
        **more,
    }
    return agreements.draft_agreement(case=case, by=by, at=at, version=case.version, **terms)


def settle(case: Case, leader: User, *people: User, at: datetime = MONDAY) -> None:
    """Met, drafted, everybody assented."""
    meet(case, leader, at=at)
    draft(case, leader, at=at + timedelta(hours=1))
    for person in people:
        draw(case, "assent", person, at=at + timedelta(hours=2))


@pytest.fixture
def lawyer(dispute_defaults: None, town: Town, staff: dict[str, User]) -> Expert:
    """张律师, serving 宜和社区 from the street."""
    return enlisted("张律师", 1, town)


@pytest.fixture
def second_lawyer(lawyer: Expert, town: Town) -> Expert:
    return enlisted("李律师", 2, town)


@pytest.fixture
def slot(lawyer: Expert) -> Slot:
    return slot_of(lawyer)


@pytest.fixture
def consultation(slot: Slot, resident: User, town: Town) -> Case:
    """王秀英 has booked 张律师, who has not answered."""
    return booked(slot, resident, town.community)


@pytest.fixture
def talking(consultation: Case, lawyer: Expert) -> Case:
    """Accepted, and the time has come."""
    draw(consultation, "accept", lawyer.person)
    draw(consultation, "hold", lawyer.person, at=THURSDAY)
    return consultation


def a_signature(name: str = "签名.png") -> SimpleUploadedFile:
    """A hand's stroke on white."""
    picture = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(picture).line([(40, 150), (180, 40), (300, 160), (420, 60), (560, 130)], fill="black", width=9)
    out = BytesIO()
    picture.save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def look(pdf: bytes, name: str) -> bytes:
    """Keeps a paper where SCREENSHOTS says, and its pages as PNG (apt install poppler-utils), to be looked at."""
    if folder := os.environ.get("SCREENSHOTS"):
        (Path(folder) / f"{name}.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "80", "-png", Path(folder) / f"{name}.pdf", Path(folder) / name], check=True)
    return pdf


def fill_in(case: Case) -> None:
    """What a written agreement says of the parties."""
    for number, party in enumerate(case.dispute.parties.order_by("pk")):
        party.gender, party.ethnicity, party.birth_year = str(2 - number), "汉族", 1968 + number
        party.occupation, party.address = "退休", f"宜和佳苑3幢1单元{number + 3}01室"
        party.save()


IDS = ("350725196801010026", "350725196906150017")
"""Of a woman born on 1 January 1968 and a man born on 15 June 1969, as `fill_in` has them."""


def number(case: Case) -> None:
    """What an application to the court says besides."""
    for party, number in zip(case.dispute.parties.order_by("pk"), IDS, strict=False):
        party.id_number = number
        party.save()


def issue_all(case: Case, by: User, *, at: datetime = MONDAY) -> None:
    """Every paper that can be issued."""
    for paper in papers_of(Record(case, at=at)):
        if not paper.missing:
            papers.issue(case=case, code=paper.code, by=by, at=at, verify_url="https://example.org/papers/verify/")


def sign(case: Case, person: User, *, at: datetime = MONDAY) -> None:
    case.refresh_from_db()
    signing.sign(
        case=case,
        by=person,
        at=at,
        version=case.version,
        picture=clean(a_signature()),
        how="drawn",
        text_sha256=checksum(agreements.current_agreement(case)),
    )


@pytest.fixture
def drafted(dispute: Case, group_leader: User, neighbour: User) -> Case:
    """A written agreement that waits for both to sign."""
    take_on(dispute, group_leader, neighbour)
    meet(dispute, group_leader)
    draft(dispute, group_leader, form="written")
    dispute.refresh_from_db()
    return dispute


@pytest.fixture
def signed(drafted: Case, resident: User, neighbour: User) -> Case:
    """In force, with all that the law asks for."""
    fill_in(drafted)
    for person in (resident, neighbour):
        sign(drafted, person)
    drafted.refresh_from_db()
    return drafted
