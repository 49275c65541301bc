"""Submitting a request, and the arrows of the request loop that write more than a state."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.models import User
from accounts.sign_in.joining import register_resident
from cases.attachments.photos import SentPhoto
from cases.engine import acts, referrals, routing
from cases.engine.opening import Opening, open_cases, ring_to_route
from cases.engine.turns import Given, Turn, in_turn, turn_on
from cases.limits import running as limits
from cases.limits.clock import Limit, Unit
from cases.limits.deadlines import set_finish
from cases.models import Case, Category, Seat, Urgency, Wake
from cases.models.case import TAKEN_BACK
from cases.services import move_together
from cases.workflow import ASKER, Acts
from grids.models import Building, Grid, Post
from grids.rights.jurisdiction import may
from notices.services import News, notify
from residents.concerns import concerned_at, name_concerned
from residents.models import Channel, Request, Resident, Source
from residents.workflow import TAKE_BACK
from web.text import tidy

MAX_WORDS = 8000
"""Real messages to a city government run to 7,000 characters."""
MAX_SHELVED_DAYS = 180


@dataclass(frozen=True)
class Place:
    """Where it is: the finest grid that is known, and how people call it."""

    grid: Grid
    building: Building | None = None

    @property
    def words(self) -> str:
        """ "宜和佳苑 3幢1单元"."""
        return f"{self.building.estate.name} {self.building.label}" if self.building else self.grid.name

    @property
    def answering_grid(self) -> Grid:
        return self.building.answering_grid if self.building else self.grid


@dataclass(frozen=True)
class Filing:
    """A request as it is handed in."""

    asker: User | None
    place: Place
    words: str
    submit_key: str
    title: str = ""
    """Of the case; the beginning of the words without."""
    photos: Sequence[SentPhoto] = ()
    category: Category | None = None
    urgency: str = Urgency.NORMAL
    address_note: str = ""
    is_anonymous: bool = False
    source: str = Source.WEB
    by: User | None = None
    has_place: bool = True
    """Whether `place` is where it is, not only where somebody is who can find out."""
    is_sorted: bool = True
    """Else it waits for staff to say place, category and urgency."""
    batch: str = ""
    about: str = ""
    """Role of whom it is about, among those in post there."""

    def opening(self, *, at: datetime) -> Opening:
        """Raises ValidationError at `about`: nobody there is in that role."""
        return Opening(
            kind="request",
            grid=self.place.answering_grid,
            title=self.title or self.words,
            place=self.place.words,
            asker=self.asker,
            by=self.by,
            category=self.category,
            urgency=self.urgency,
            hides_asker=self.is_anonymous,
            is_sorted=self.is_sorted,
            batch=self.batch,
            about=self._about(at),
            given=Given(photos=self.photos),
        )

    def _about(self, at: datetime) -> Sequence[Post]:
        """Nobody complains to their superior about themselves."""
        posts = concerned_at(self.place.answering_grid, self.about, at=at) if self.about else []
        return [post for post in posts if post.person != self.asker]


def checked_words(raw: str) -> str:
    """Raises ValidationError at `words`: none, or too long."""
    words = tidy(raw)
    if not words:
        raise ValidationError({"words": "请用您自己的话说说是什么事、在哪里。"})
    if len(words) > MAX_WORDS:
        raise ValidationError({"words": f"最多 {MAX_WORDS} 字，您写了 {len(words)} 字，请精简一些。"})
    return words


def submit_request(*, at: datetime, **filed: Any) -> Case:
    """`submit_requests` of one, given the fields of a `Filing`."""
    [(case, _)] = submit_requests([Filing(**filed)], at=at)
    return case


def submit_requests(filings: Sequence[Filing], *, at: datetime) -> list[tuple[Case, bool]]:
    """File requests, all of them or none: the case of each, and whether it is new. The same `submit_key` twice is one case,
    that of the first.

    Raises ValidationError at `words` (none, too long), `grid` (merged away), `category` (retired) or `about` (nobody in that
    role)."""
    filings = [replace(filing, words=checked_words(filing.words)) for filing in filings]
    # Of one alone the database says itself that it was filed before, which is seldom.
    return _submitted(filings, _filed_before(filings) if len(filings) > 1 else {}, at)


def _submitted(filings: list[Filing], earlier: dict[str, Case], at: datetime) -> list[tuple[Case, bool]]:
    new: dict[str, Filing] = {}
    for filing in filings:
        if filing.submit_key not in earlier:
            new.setdefault(filing.submit_key, filing)
    try:
        opened = _open(new, at=at)
    except IntegrityError:  # one of them was filed before, perhaps in the same moment
        filed = _filed_before(filings)
        if not filed.keys() > earlier.keys():
            raise
        return _submitted(filings, filed, at)
    cases = earlier | opened
    return [(cases[filing.submit_key], new.get(filing.submit_key) is filing) for filing in filings]


def _filed_before(filings: Sequence[Filing]) -> dict[str, Case]:
    keys = [filing.submit_key for filing in filings]
    filed = Request.objects.filter(submit_key__in=keys).select_related("case")
    return {request.submit_key: request.case for request in filed}


def _open(filings: dict[str, Filing], *, at: datetime) -> dict[str, Case]:
    with transaction.atomic():
        opened = open_cases([filing.opening(at=at) for filing in filings.values()], at=at)
        cases = dict(zip(filings, opened, strict=True))
        Request.objects.bulk_create(
            Request(
                case=cases[key],
                words=filing.words,
                address_note=tidy(filing.address_note),
                source=filing.source,
                has_place=filing.has_place,
                submit_key=key,
            )
            # By their keys: two tables with the same rows in another order would wait for each other.
            for key, filing in sorted(filings.items(), key=lambda item: item[0])
        )
        for filing in filings.values():
            if filing.asker is not None and filing.source == Source.WEB:
                remember_place(person=filing.asker, place=filing.place)
    return cases


def register_for(
    *, phone: str, name: str, has_agreed: bool, by: User, at: datetime, submit_key: str, **more: Any
) -> Case:
    """代为登记: a request of somebody who came or called, written down by staff; the rest as `submit_request` takes it.

    With a phone the resident can follow and rate it; without one nobody is asked, and it is closed on 核查. Whom a
    demonstration person registers belongs to the demonstration.
    Raises ValidationError at `has_agreed` or `name` when a phone is new to us, else as `submit_request`."""
    with transaction.atomic():
        asker = User.objects.with_phone(phone) if phone else None
        if phone and asker is None:
            if not has_agreed:
                raise ValidationError({"has_agreed": "第一次留手机号，要先告知居民并征得同意。"})
            asker = register_resident(phone=phone, name=name, at=at)
        return submit_request(asker=asker, by=by, at=at, submit_key=submit_key, source=Source.STAFF, **more)


def door_of(case: Case) -> dict[str, str]:
    """What a handler sees together with the phone, for a reason (cases/views.py)."""
    return {"门牌或具体位置": case.request.address_note}


def remember_place(*, person: User, place: Place) -> None:
    """Next time the form begins with this place."""
    lives = Resident(person=person, grid=place.grid, building=place.building)
    Resident.objects.bulk_create(
        [lives], update_conflicts=True, unique_fields=["person"], update_fields=["grid", "building"]
    )


@in_turn
def decline(turn: Turn, given: Given, channel: Channel) -> None:
    """不予受理, with the reason from the list and the right channel for the resident. Who declines answers for it."""
    told = Given(f"{channel.name}：{channel.advice}\n{given.words}".strip(), given.photos, {"channel": channel.pk})
    holder = routing.post_for(user=turn.person, verb="dispatch", case=turn.case, at=turn.at)
    turn.draw("decline", told, holder=holder, outcome="declined")


@in_turn
def object_to_decline(turn: Turn, given: Given) -> None:
    """提出异议: the desk of the level above looks again, under supervision."""
    holder = turn.case.holder
    assert holder is not None, "open cases have a holder"
    barred = turn.facts.kept_out | {holder.person_id}
    desk = routing.desk(holder.grid, at=turn.at, above=True, barred=barred) if holder.grid is not None else holder
    turn.draw("object", given, holder=desk, was_objected=True, is_supervised=True, outcome="")


@in_turn
def shelve(turn: Turn, given: Given, amount: int) -> None:
    """挂账: cannot be done now; the reason is told and the day of the next look is set."""
    if not 1 <= amount <= MAX_SHELVED_DAYS:
        raise ValidationError({"amount": f"复查期限请填 1 到 {MAX_SHELVED_DAYS} 天。"})
    turn.draw("shelve", acts.with_facts(given, days=amount), limit=Limit(amount, Unit.DAY))


@in_turn
def resume(turn: Turn, given: Given) -> None:
    """恢复办理: the promise to the resident begins anew."""
    case = turn.case
    limit = limits.limit_for(kind=case.kind, stage="finish", category=case.category, urgency=case.urgency)
    set_finish(case=case, limit=limit, from_at=turn.at)
    turn.draw("resume", given)


@in_turn
def sort(turn: Turn, given: Given, place: Place, category: Category, urgency: str) -> None:
    """分拣: where it is, which kind it is, how urgent; then it is routed. The promise to the resident counts from when it
    came in.

    Raises ValidationError at `place`: outside of where whoever sorts dispatches."""
    case, grid, at = turn.case, place.answering_grid, turn.at
    # Where it came in with a house, that is more than the node says.
    words = case.place if case.request.has_place and grid == case.grid else place.words
    if not may(turn.person, "dispatch", grid, at=at):
        raise ValidationError({"place": f"{place.words}不在您的辖区，请选辖区内的地点，或请上一级分拣。"})
    acts.promise_anew(case, category=category, urgency=urgency)
    turn.draw(
        "sort",
        acts.with_facts(given, grid=grid.pk, category=category.pk, urgency=urgency),
        holder=routing.desk(grid, at=at, barred=turn.facts.kept_out),
        grid=grid,
        place=words[:200],
        category=category,
        urgency=urgency,
        wake_for=Wake.ROUTE,
        wake_at=at,
    )
    Request.objects.filter(case=case).update(has_place=True)
    transaction.on_commit(lambda: ring_to_route([case.pk]), robust=True)


@in_turn
def take_back(turn: Turn, given: Given) -> None:
    """撤回导入 of one that should not have come in: the same row can be imported again."""
    turn.draw(TAKE_BACK, given, outcome=TAKEN_BACK)
    _free_keys([turn.case.pk])


def take_back_batch(*, batch: str, by: User, at: datetime, words: str) -> int:
    """撤回导入 of all that came in together and was not taken back before; how many. Each holder is told once, each asker of
    theirs.

    Raises ValidationError: somebody has acted on one of them."""
    with transaction.atomic():
        cases = list(Case.objects.filter(batch=batch).exclude(outcome=TAKEN_BACK).order_by("pk"))
        held = Counter(case.holder_id for case in cases)
        move_together(cases=cases, verb=TAKE_BACK, by=by, at=at, given=Given(words), changes={"outcome": TAKEN_BACK})
        _free_keys([case.pk for case in cases])
        told: list[News] = []
        for post in Post.objects.filter(pk__in=held).exclude(person=by).select_related("person"):
            told.append(
                News(
                    kind="request.batch_taken_back",
                    people=[post.person],
                    path=reverse("cases:list"),
                    cause=f"batch:{batch}",
                    key=str(post.pk),
                    at=at,
                    facts={"cases": held[post.pk], "reason": words},
                )
            )
        for seat in Seat.objects.filter(case__in=cases, role=ASKER, until_at=None).select_related("person", "case"):
            told.append(
                News(
                    kind="request.take_back.asker",
                    people=[seat.person] if seat.person else [],
                    path=seat.case.get_absolute_url(),
                    cause=f"case:{seat.case_id}",
                    at=at,
                    facts={"number": seat.case.number, "title": seat.case.title, "reason": words},
                )
            )
        notify(*told)
    return len(cases)


def _free_keys(case_ids: list[int]) -> None:
    requests = Request.objects.filter(case__in=case_ids)
    requests.update(submit_key=Concat(Value(f"{TAKE_BACK}:"), Cast("case_id", CharField())))


@in_turn
def withdraw(turn: Turn, given: Given) -> None:
    """撤回, before work has begun."""
    turn.draw("withdraw", given, outcome="withdrawn")


def withdraw_for_erasure(*, case: Case, by: User, at: datetime) -> None:
    """撤回 of whoever leaves the portal, where it is still possible; what is in work goes on without them."""
    with turn_on(case, by=by, at=at) as turn:
        arrow = turn.case.workflow.arrow("withdraw")
        if arrow is not None and turn.case.state in arrow.sources:
            withdraw(turn, Given())


@in_turn
def redo(turn: Turn, given: Given) -> None:
    """重办: the first time by the same holder, the second time by the level above under supervision."""
    count = turn.case.redo_count + 1
    is_again = count > 1
    above = acts.above_holder(turn) if is_again else None
    turn.draw(
        "redo",
        acts.with_facts(given, time=count),
        holder=above,
        redo_count=count,
        is_supervised=is_again or turn.case.is_supervised,
    )


@in_turn
def urge(turn: Turn, given: Given) -> None:
    """督办: somebody above wants it done now; it shows until it is."""
    turn.draw("urge", given, is_supervised=True)


ACTS: Acts = {
    **referrals.ACTS,
    "sort": sort,
    TAKE_BACK: take_back,
    "dispatch": acts.assign,
    "transfer": acts.transfer,
    "send_back": acts.send_back,
    "send_up": acts.send_up,
    "ask_help": acts.ask_help,
    "name_concerned": name_concerned,
    "reclassify": acts.reclassify,
    "ask_extension": acts.ask_extension,
    "grant_extension": acts.grant_extension,
    "refuse_extension": acts.refuse_extension,
    "decline": decline,
    "object": object_to_decline,
    "shelve": shelve,
    "resume": resume,
    "withdraw": withdraw,
    "rate": acts.rate,
    "redo": redo,
    "urge": urge,
    "verify": acts.verify,
    "close_unrated": acts.close_unrated,
}
