"""Three levels and the street above: up when not settled, refused or late; ended with the other ways told; the whole
time limit and its one extension."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.ends import last_day
from accounts.models import User
from cases import limits, routing
from cases.clock import Limit, Unit
from cases.facts import facts_of
from cases.models import Case, Extension
from cases.promises import extend_finish, set_finish
from cases.services import ArrowRefused, Said, end_seats, lock, move
from cases.words import tidy
from cases.workflow import MEDIATOR
from disputes.guards import STREET, is_late, level_of
from disputes.models import Dispute, Guidance, Outcome, Party
from disputes.services.archiving import check_file
from disputes.services.mediators import hand_over
from disputes.services.wills import check_of, own_party, told, told_in_short
from disputes.workflow import BEFORE_PEACE
from grids.models import Post

ENDINGS = {
    "no_agreement": ("达不成协议", Outcome.FAILED),
    "gave_up": ("一方拒绝或放弃继续调解", Outcome.TERMINATED),
    "impossible": ("因特定事由不能进行", Outcome.TERMINATED),
    "concealed": ("隐瞒重要事实或故意拖延", Outcome.TERMINATED),
    "collusion": ("恶意串通损害他人利益", Outcome.TERMINATED),
}
"""Grounds for ending it without an agreement (宁波、深圳条例), and the outcome each counts as."""
MAX_EXTENSION_DAYS = 30


def _above(case: Case, at: datetime) -> Post | None:
    """Who mediates one level up: none above the street."""
    if case.holder is None or level_of(case) == STREET:
        return None
    return routing.leader_above(case.holder, at=at, barred=facts_of(case).kept_out)


def hand_up(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """上交: not settled here, or not for this level to handle. Everything goes along; the mediators of this level get up."""
    with transaction.atomic():
        locked = lock(case)
        above = _above(locked, at)
        if above is None:
            raise ArrowRefused("上面没有能接手的一级了：街道是最后一级。达不成协议的请终止调解，并告知其他途径。")
        facts = {"post": above.pk, "from_level": level_of(locked)}
        # The move first: whether this may be done at all is asked while the mediators still sit.
        move(
            case=case, verb="hand_up", by=by, at=at, version=version, said=Said(said.words, said.photos, facts),
            **hand_over(locked, above),
        )  # fmt: skip
        end_seats(case=case, role=MEDIATOR, at=at)


def pull_up(*, case: Case, by: User, at: datetime, version: int | None, said: Said) -> None:
    """提级: a level above takes it over without waiting."""
    with transaction.atomic():
        locked = lock(case)
        post = routing.post_for(user=by, verb="supervise", case=locked, at=at)
        if post is None or by.pk in facts_of(locked).kept_out:
            raise ArrowRefused("提级由上一级负责人来做，与当事人有利害关系的应当回避。")
        facts = {"post": post.pk, "from_level": level_of(locked)}
        move(
            case=case, verb="pull_up", by=by, at=at, version=version, said=Said(said.words, (), facts),
            **hand_over(locked, post),
        )  # fmt: skip
        end_seats(case=case, role=MEDIATOR, at=at)


def climb(*, case: Case, at: datetime) -> bool:
    """Late: the level above takes over by itself. False above the street, and once there is an agreement to keep."""
    above = _above(case, at) if case.state in BEFORE_PEACE else None
    if above is None:
        return False
    with transaction.atomic():
        facts = {"post": above.pk, "from_level": level_of(case)}
        move(case=case, verb="climb", by=None, at=at, said=Said(facts=facts), **hand_over(case, above))
        end_seats(case=case, role=MEDIATOR, at=at)
    return True


def terminate(
    *,
    case: Case,
    by: User,
    at: datetime,
    version: int,
    said: Said,
    ending: str,
    guidance: Sequence[Guidance] | QuerySet[Guidance],
    gaps: str = "",
) -> None:
    """终止调解, by the community or the street: the ground, and the ways that stay open (26), told to the parties. The file is
    put away with it.

    Raises ValidationError at `guidance`, or at `gaps`: something is missing in the file, and nobody says why."""
    ground, outcome = ENDINGS[ending]
    if not guidance:
        raise ValidationError({"guidance": "请至少告知一条其他途径。"})
    with transaction.atomic():
        move(
            case=case, verb="terminate", by=by, at=at, version=version,
            said=Said(f"{ground}。{said.words}\n{told(guidance)}", said.photos, {"ending": ending, **told_in_short(guidance)}),
            changes={"outcome": outcome, "finished_at": at, "finished_by": by},
        )  # fmt: skip
        case.dispute.result, case.dispute.gaps = said.words, tidy(gaps)
        case.dispute.save(update_fields=["result", "gaps"])
        check_file(case, at=at, why=case.dispute.gaps, field="gaps")


def resume(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """恢复调解: the time it stood still does not count (what was left of the whole limit runs on). What was late when it
    stopped stays late."""
    with transaction.atomic():
        locked = lock(case)
        stopped = locked.events.filter(verb="suspend").order_by("-number").first()
        if stopped is not None and not is_late(locked, stopped.at) and locked.finish_by_at is not None:
            left = max(1, (locked.finish_by_at - stopped.at).days)
            set_finish(case=locked, limit=Limit(left, Unit.DAY), from_at=at)
            locked.save()
        elif stopped is not None:
            still = Dispute.objects.filter(pk=case.pk, extended_to_at__gt=stopped.at)
            still.update(extended_to_at=F("extended_to_at") + (at - stopped.at))
        move(case=case, verb="resume", by=by, at=at, version=version, said=said)


def ask_extension(*, case: Case, by: User, at: datetime, version: int, said: Said, amount: int) -> None:
    """提议延期: once, at most 30 days; it counts when every party agrees. As long as it has not ended, also after its limit."""
    if not 1 <= amount <= MAX_EXTENSION_DAYS:
        raise ValidationError({"amount": f"延长 1 到 {MAX_EXTENSION_DAYS} 天。"})
    with transaction.atomic():
        facts = {"amount": amount}
        move(case=case, verb="ask_extension", by=by, at=at, version=version, said=Said(said.words, said.photos, facts))
        Extension.objects.create(case=case, amount=amount, unit=Unit.DAY, asked_by=by, asked_at=at)


def agree_extension(*, case: Case, by: User, at: datetime, version: int, said: Said) -> None:
    """同意延期."""
    with transaction.atomic():
        move(case=case, verb="agree_extension", by=by, at=at, version=version)
        _agreed(case, own_party(case, by), by, at)


def record_extension(*, case: Case, by: User, at: datetime, version: int, said: Said, party: Party) -> None:
    """A party without an account agreed; how, is in the words."""
    check_of(case, party)
    with transaction.atomic():
        facts = {"party": party.pk}
        move(case=case, verb="record_extension", by=by, at=at, version=version, said=Said(said.words, (), facts))
        _agreed(case, party, by, at)


def _agreed(case: Case, party: Party, by: User, at: datetime) -> None:
    """The last yes extends the whole limit, the level's own runs on. A limit that has passed stays as it was told, so that
    what was late counts as late in every figure; what is added then counts from now."""
    Party.objects.filter(pk=party.pk).update(extension_agreed_at=at)
    if Party.objects.filter(dispute=case.pk, extension_agreed_at=None).exists():
        return
    asked = Extension.objects.get(case=case, decided_at=None)
    locked, limit = lock(case), Limit(asked.amount, Unit.DAY)
    if is_late(locked, at):
        until_at = limits.run(limit=limit, from_at=at).until_at
        Dispute.objects.filter(pk=case.pk).update(extended_to_at=until_at)
        locked.was_late = True
    else:
        extend_finish(case=locked, limit=limit, at=at)
        assert locked.finish_by_at is not None, "disputes have a whole limit"
        until_at = locked.finish_by_at
    locked.save()
    day = last_day(until_at)
    move(case=case, verb="extend", by=None, at=at, said=Said(f"延到{day.year}年{day.month}月{day.day}日"))
    Extension.objects.filter(pk=asked.pk).update(decided_by=by, decided_at=at, is_granted=True)
