"""When a need counts as solved: something was done that can be shown, and whoever benefits, or somebody who looked, says
that it helped. Who noted a need or reported it done does not confirm it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from cases.workflow import ASKER
from grids.rights.jurisdiction import candidates_for, may
from grids.roles import roles_with
from notices.services import News, notify
from volunteers.models import DoctorSigning, DoctorTerm, Need, Project, ServiceOrder
from volunteers.services import adoption
from web.text import tidy

State, Word = Need.State, Need.Word
SERVED = Q(case__state="done", offers__left_at__isnull=False)


def services_of(need: Need) -> QuerySet[ServiceOrder]:
    """Services that are done and that somebody came to, asked for this need or within a project that took it on."""
    return ServiceOrder.objects.filter(SERVED, Q(need=need) | Q(project__needs=need)).distinct().order_by("-begins_at")


def is_done(need: Need) -> bool:
    """Whether there is something to show: a service, a finished project, a family doctor who signed."""
    is_project_done = need.projects.filter(state=Project.State.FINISHED).exists()
    return services_of(need).exists() or is_project_done or DoctorTerm.objects.filter(signing=need.pk).exists()


def has_evidence(project: Project) -> bool:
    """A photo of afterwards, a milestone that was reached, or a service that was done."""
    served = ServiceOrder.objects.filter(SERVED, Q(project=project) | Q(need__projects=project))
    is_reached = project.milestones.filter(reached_date__isnull=False)
    return project.photos.filter(is_after=True).exists() or is_reached.exists() or served.exists()


def beneficiary_of(need: Need) -> User | None:
    """Who asked, where the need comes from a request of theirs or is a family doctor for themselves."""
    if signing := DoctorSigning.objects.filter(need=need).select_related("person").first():
        return signing.person if signing.person and signing.person.is_active else None
    if need.request is None:
        return None
    seats = need.request.seats.filter(role=ASKER, until_at=None, person__is_active=True)
    seat = seats.select_related("person").first()
    return seat.person if seat else None


def report(*, need: Need, by: User, at: datetime) -> None:
    """It is done. Where whoever was helped has said so when rating, it is solved at once; else they, and somebody who can
    look, are asked. The caller has checked who may.

    Raises ValidationError at `state` without anything to show for it; or when it ended or was reported before."""
    with transaction.atomic():
        locked = _lock(need)
        if locked.state == State.REPORTED:
            raise ValidationError("已报完成，正在等受益人或核实人确认。")
        if not is_done(locked):
            raise ValidationError(
                {"state": "还没有凭据：要有一次已结单的服务，或一个认领方答应过、已完成的项目，才能报已解决。"}
            )
        locked.reported_at, locked.reported_by, locked.state = at, by, State.REPORTED
        rated = services_of(locked).filter(case__rating__isnull=False).values_list("case__rating__is_solved", flat=True)
        if rated.first():
            _end(locked, by, at, Word.BENEFICIARY, "")
        locked.save()
        if locked.is_open:
            _ask(locked, at)


def _lock(need: Need) -> Need:
    locked: Need = Need.objects.select_for_update(no_key=True).get(pk=need.pk)
    if not locked.is_open:
        raise ValidationError("这条需求已经办结。")
    return locked


def _end(need: Need, by: User, at: datetime, word: str, words: str) -> None:
    need.state, need.ended_at, need.ended_by, need.word, need.reason = State.SOLVED, at, by, word, words


def _ask(need: Need, at: datetime) -> None:
    beneficiary = beneficiary_of(need)
    path = reverse("volunteers:need-word", args=[need.key])
    if beneficiary is not None:
        _tell("need.to_confirm", beneficiary, need, path, at)
    posts = candidates_for(need.grid, roles=roles_with("see"), at=at)
    verifier = next((post.person for post in posts if not _is_involved(need, post.person, at)), None)
    if verifier is not None and beneficiary is not None:
        _tell("need.to_verify_later", verifier, need, path, at, days=settings.NEED_WORD_DAYS)
    elif verifier is not None:
        _tell("need.to_verify", verifier, need, path, at)


def _tell(kind: str, person: User, need: Need, path: str, at: datetime, **more: str | int) -> None:
    told = News(
        kind=kind,
        people=[person],
        path=path,
        cause=f"need:{need.pk}",
        key=f"{at.timestamp():.0f}",
        at=at,
        facts={"title": need.title, **more},
    )
    notify(told)


def _is_involved(need: Need, person: User, at: datetime) -> bool:
    """Whose own work it was."""
    if person.pk in {need.noted_by_id, need.reported_by_id}:
        return True
    return any(adoption.speaks_for(person, project, at=at) for project in need.projects.select_related("unit", "team"))


def confirms_as(need: Need, person: User, *, at: datetime) -> str:
    """As whom this person may say whether it is solved now; "" when they may not."""
    if need.state != State.REPORTED or need.reported_at is None:
        return ""
    beneficiary = beneficiary_of(need)
    if beneficiary == person:
        return Word.BENEFICIARY
    is_waiting = beneficiary is not None and at < need.reported_at + timedelta(days=settings.NEED_WORD_DAYS)
    if is_waiting or _is_involved(need, person, at) or not may(person, "see", need.grid, at=at):
        return ""
    return Word.VERIFIER


def confirm(*, need: Need, by: User, at: datetime, is_solved: bool, words: str = "") -> None:
    """解决了 ends the need; 没有解决 gives it back, with what is missing, and reopens the projects that were to solve it.

    Raises ValidationError at `words` (a verifier says what they saw, everybody what is missing), or: not theirs to say."""
    words = tidy(words)[:200]
    with transaction.atomic():
        locked = _lock(need)
        word = confirms_as(locked, by, at=at)
        if not word:
            raise ValidationError("现在不由您确认。自己登记、自己报完成的，要请别人核实。")
        if not words and not is_solved:
            raise ValidationError({"words": "请写几句哪里还没有解决。"})
        if not words and word == Word.VERIFIER:
            raise ValidationError({"words": "请写明怎么核实的、看到了什么。"})
        if is_solved:
            _end(locked, by, at, word, words)
        else:
            _give_back(locked, words, at)
        locked.save()


def _give_back(need: Need, words: str, at: datetime) -> None:
    reporter = need.reported_by
    assert reporter is not None
    finished = need.projects.filter(state=Project.State.FINISHED)
    finished.update(state=Project.State.RUNNING, ended_at=None)
    is_in_hand = need.projects.taken_on().exists() or DoctorSigning.objects.filter(need=need).exists()
    need.state = State.ADOPTED if is_in_hand else State.OPEN
    need.reported_at, need.reported_by, need.reason = None, None, words
    path = reverse("volunteers:need", args=[need.key])
    _tell("need.unsolved", reporter, need, path, at, reason=words.rstrip("。"))
