"""Taking a dispute down: who disputes with whom, about what, where; it goes to the building's 党小组长 at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from accounts.models import User
from accounts.models.user import phone_index
from accounts.numbers import check_id_number, normalise_phone
from accounts.personal_data import clean_name
from cases.attachments.photos import SentPhoto
from cases.engine.acts import succeed, with_facts
from cases.engine.opening import Opening, open_case
from cases.engine.turns import ArrowRefused, Given, Turn, in_turn, turn_on
from cases.models import Case
from cases.services import route
from cases.workflow import MEDIATOR, PARTY
from disputes.models import Dispute, DisputeType, Party, PlainKind, Scale, Side, Source, Will
from disputes.services.guardians import check_guardian, check_tick
from disputes.services.mediators import report_police
from disputes.services.parties import check_number
from disputes.workflow import KIND
from grids.models import Building, Grid
from web.text import tidy

MAX_SUMMARY = 2000
"""GB/T 31000: 事件简述 at most 2,000 characters."""

ASKING: dict[str, tuple[Side, ...]] = {Source.PARTY: (Side.APPLICANT,), Source.BOTH: (Side.APPLICANT, Side.RESPONDENT)}
"""Which sides asked for mediation; everybody else is asked."""


@dataclass(frozen=True)
class PartySaid:
    """What is known of a party when they are taken down. With an account or a phone they can act for themselves."""

    side: str
    name: str = ""
    phone: str = ""
    person: User | None = None
    organisation: str = ""
    more: dict[str, Any] = field(default_factory=dict)
    """Further fields of `Party`: representative, agent, guardian, language, address …"""


@dataclass(frozen=True)
class Spot:
    """Where it is: the grid that answers, and the words that stand in lists (an estate or community, no door)."""

    grid: Grid
    place: str
    building: Building | None = None

    @classmethod
    def of(cls, node: Grid, building: Building | None = None) -> "Spot":
        return cls(building.answering_grid if building else node, node.name, building)


def title_of(kind: DisputeType) -> str:
    """ "邻里纠纷（用水排水通行通风采光）": the type only, since titles stand in lists and messages."""
    if kind.parent is None:
        return kind.name
    return kind.parent.name if kind.name == "其他" else f"{kind.parent.name}（{kind.name}）"


def open_dispute(
    *,
    spot: Spot,
    type: DisputeType,
    summary: str,
    parties: Sequence[PartySaid],
    source: str,
    submit_key: str,
    at: datetime,
    by: User | None = None,
    applicant: User | None = None,
    occurred_on: date | None = None,
    place_note: str = "",
    wish: str = "",
    units: str = "",
    scale: str = Scale.SINGLE,
    people_count: int | None = None,
    amount: Decimal | None = None,
    is_public_security: bool = False,
    has_violence_risk: bool = False,
    converted_from: Case | None = None,
    plain_kind: PlainKind | None = None,
    photos: Sequence[SentPhoto] = (),
) -> Case:
    """Take down a dispute. `applicant` asks online for themselves; otherwise `by` writes it down for others. Who asks is
    willing; everybody else is asked (人民调解法 17). The same `submit_key` twice is one case. `photos` are the applicant's
    word: the other side does not see them.

    Raises ValidationError: `summary` missing or too long, `parties` on one side only or one of them twice, `type` no
    longer in use, `occurred_on` in the future, `grid` merged away, nobody in post, `photos` that cannot be stored."""
    summary = _checked_summary(summary)
    if not type.is_active:
        raise ValidationError({"type": f"类别“{type.name}”已停用，请另选一类。"})
    if occurred_on is not None and occurred_on > localdate(at):
        raise ValidationError({"occurred_on": "发生日期不能在今天之后。"})
    _check_sides(parties)
    if earlier := _opened_before(submit_key):
        return earlier
    try:
        with transaction.atomic():
            begun = Opening(
                kind=KIND,
                grid=spot.grid,
                title=title_of(type),
                place=spot.place,
                asker=applicant,
                asker_as=PARTY,
                by=by,
                is_private=True,
                given=Given(photos=photos),
            )
            case = open_case(begun, at=at)
            dispute = Dispute.objects.create(
                case=case,
                type=type,
                occurred_on=occurred_on or localdate(at),
                summary=summary,
                wish=tidy(wish),
                plain_kind=plain_kind,
                building=spot.building,
                place_note=tidy(place_note),
                units=tidy(units)[:200],
                scale=scale,
                people_count=people_count,
                amount=amount,
                source=source,
                is_public_security=is_public_security,
                has_violence_risk=has_violence_risk,
                converted_from=converted_from,
                submit_key=submit_key,
            )
            with turn_on(case, by=None, at=at) as turn:
                for party in parties:
                    asks = party.side in ASKING.get(source, ())
                    _seat_party(turn, _write_party(dispute, party, will=Will.ASKS if asks else "", at=at))
                route(case_id=case.pk, at=at)
                if has_violence_risk:
                    report_police(turn, Given("登记时说明有激化或暴力风险。"))
    except IntegrityError:  # the same form, sent twice in the same moment: the other one won
        earlier = _opened_before(submit_key)
        if earlier is None:
            raise
        return earlier
    return case


def _opened_before(submit_key: str) -> Case | None:
    return Case.objects.filter(dispute__submit_key=submit_key).first()


def _checked_summary(raw: str) -> str:
    summary = tidy(raw)
    if not summary:
        raise ValidationError({"summary": "请说说是什么纠纷、怎么引起的。"})
    if len(summary) > MAX_SUMMARY:
        raise ValidationError({"summary": f"最多 {MAX_SUMMARY} 字，您写了 {len(summary)} 字，请精简一些。"})
    return summary


def _check_sides(parties: Sequence[PartySaid]) -> None:
    sides = {party.side for party in parties}
    if not {Side.APPLICANT, Side.RESPONDENT} <= sides:
        raise ValidationError({"parties": "请写明双方当事人：申请人和被申请人至少各一位。"})


def _write_party(dispute: Dispute, given: PartySaid, *, will: str, at: datetime) -> Party:
    """Raises ValidationError at `name`, `phone`, `id_number`, `is_said_minor` or `guardian`; nobody is a party twice or on both sides."""
    phone = normalise_phone(given.phone) if given.phone else (given.person.phone if given.person else "")
    person = given.person or (User.objects.with_phone(phone) if phone else None)
    name = clean_name(given.name, field="name") or (
        given.person.name if given.person and not given.organisation else ""
    )
    organisation = " ".join(tidy(given.organisation).split())
    if not name and not organisation:
        raise ValidationError({"name": "请写明当事人的姓名，是单位的写明单位名称。"})
    if len(name) > 80 or len(organisation) > 100:
        raise ValidationError({"name": "姓名最多 80 字，单位名称最多 100 字。"})
    index = phone_index(phone) if phone else ""
    _refuse_twice(dispute, given.side, name=name, organisation=organisation, index=index, person=person)
    more = dict(given.more)
    if more.get("id_number"):
        more["id_number"] = check_id_number(more["id_number"])
    party = Party(
        dispute=dispute,
        side=given.side,
        person=person,
        name=name,
        phone=phone,
        phone_index=index,
        organisation=organisation,
        will=will,
        will_at=at if will else None,
        **more,
    )
    if party.id_number:
        check_number(party)
    check_tick(party, at)
    if will or party.is_said_minor or party.id_number:
        # Of who is only named, an account may know that they are a minor: that is nobody's business before they are asked.
        check_guardian(party, at)
    party.save()
    return party


def _seat_party(turn: Turn, party: Party) -> None:
    if party.person is not None:
        turn.seat(PARTY, person=party.person)


def _refuse_twice(
    dispute: Dispute, side: str, *, name: str, organisation: str, index: str, person: User | None
) -> None:
    for other in dispute.parties.all():
        same_person = person is not None and other.person_id == person.pk
        same_name = not organisation and not other.organisation and other.name == name
        is_told_apart = index and other.phone_index and index != other.phone_index
        same = (
            same_person
            or (index and other.phone_index == index)
            or (organisation and other.organisation == organisation)
            or (same_name and not is_told_apart)
        )
        if same and other.side == side:
            raise ValidationError({"name": f"{other.title}已经是当事人，不用写两次。同名的两个人请都写上手机号。"})
        if same:
            raise ValidationError({"name": f"{other.title}已经是{other.get_side_display()}，不能同时在两边。"})


@in_turn
def add_party(turn: Turn, party: PartySaid) -> Party:
    """A further party, while everybody is still being asked. Whoever has the dispute in hand cannot become one."""
    turn.draw("add_party")
    made, holder = _write_party(turn.case.dispute, party, will="", at=turn.at), turn.case.holder
    if made.person is not None and holder is not None and made.person_id == holder.person_id:
        raise ArrowRefused(f"{made.title}正是负责人，请先上交上一级，再加为当事人。")
    _seat_party(turn, made)
    turn.facts.forget("parties")
    return made


def claim(*, person: User, at: datetime) -> int:
    """Somebody named as a party by phone has signed in with it: their disputes become visible to them. Where they had one in
    hand, or mediated it, others do from now on (回避)."""
    parties = Party.objects.filter(phone_index=person.phone_index, person=None).select_related("dispute__case")
    claimed = 0
    for party in parties.exclude(dispute__parties__person=person).order_by("dispute"):
        with turn_on(party.dispute.case, by=None, at=at) as turn:
            party.person = person
            party.save(update_fields=["person"])
            _seat_party(turn, party)
            _make_way(turn, person)
        claimed += 1
    return claimed


def _make_way(turn: Turn, person: User) -> None:
    turn.unseat(MEDIATOR, lambda seat: seat.post is not None and seat.post.person_id == person.pk)
    case = turn.case
    if case.is_open and case.holder is not None and case.holder.person_id == person.pk:
        succeed(case=case, at=turn.at)


def convert(*, request: Case, by: User, at: datetime, **more: Any) -> Case:
    """诉求转调解: what a resident asked turns out to be a dispute. The request's story names the new case; its holder then
    finishes it as usual. Raises ValidationError when it was converted before."""
    with turn_on(request, by=by, at=at) as turn:
        if Dispute.objects.filter(converted_from=request).exists():
            raise ValidationError("这件诉求已经转过矛盾纠纷调解。")
        case = open_dispute(
            by=by, at=at, source=Source.REQUEST, converted_from=request, submit_key=f"from:{request.number}", **more
        )
        turn.draw("note", Given("已转为矛盾纠纷，由专人调解，调解自愿、免费、保密。"))
    return case


@in_turn
def reclassify(turn: Turn, given: Given, type: DisputeType, difficulty: str, money: Decimal | None) -> None:
    """调整类别: as it turns out to be. The title follows, since it names the type."""
    turn.draw("reclassify", with_facts(given, type=type.pk, difficulty=difficulty), title=title_of(type))
    dispute = turn.case.dispute
    dispute.type, dispute.difficulty, dispute.amount = type, difficulty, money
    turn.also(dispute)


@in_turn
def link(turn: Turn, given: Given, number: str) -> None:
    """关联事项: another case about the same matter, which whoever links it can see."""
    visible = Case.objects.visible_to(turn.person).exclude(pk=turn.case.pk)
    other = visible.filter(number=number.strip().upper()).first()
    if other is None:
        raise ValidationError({"number": "没有这个编号的事项，或它不在您的职责范围内。"})
    turn.draw("link", Given(facts={"case": other.pk}))
    turn.case.dispute.linked.add(other)
