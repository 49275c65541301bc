"""考核: drafted, opened, frozen, closed by the street; read by those it is about; appealed and answered."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.entry import SIGNED_IN, leader, opens_to, own
from accounts.forms.fields import refuse
from accounts.models import User
from dashboards.assessments.forms import AnswerForm, AppealForm, ReviewForm, ScorerForm
from dashboards.assessments.services import appeals, reviews, scores, sets
from dashboards.assessments.services.rights import leads, may_read, may_run
from dashboards.figures.measures import MEASURES
from dashboards.figures.sums import SHARES, Scope
from dashboards.models import Appeal, Assessed, Indicator, Outcome, Ranked, Review, Scorer, ScorerRole
from grids.models import Grid, Level
from grids.rights.entry import area, within
from grids.rights.jurisdiction import may, posts_in
from web.params import whole_number
from web.posted import posted


def review_of(request: HttpRequest, key: uuid.UUID) -> Review:
    """Raises Http404: not there; PermissionDenied: not this person's to read."""
    found = _found(key)
    if not may_read(request.user, found):
        raise PermissionDenied
    return found


def _review_to_run(request: HttpRequest, key: uuid.UUID) -> Review:
    found = _found(key)
    if not may_run(request.user, found.street):
        raise PermissionDenied
    return found


def _found(key: uuid.UUID) -> Review:
    try:
        return reviews.find(key)
    except Review.DoesNotExist:
        raise Http404 from None


@require_safe
@opens_to(SIGNED_IN)
def listed(request: HttpRequest) -> HttpResponse:
    """What one is asked to score, what one runs, what one may read."""
    person, at = _person(request), timezone.now()
    asked = Review.objects.filter(scorers__person=person, state=Review.State.SCORING)
    found = Review.objects.select_related("of", "street").order_by("-first", "-pk")
    trees = {post.grid.tree_id for post in posts_in(request) if post.grid}
    if not any(post.grid is None for post in posts_in(request)):
        own = Scorer.objects.filter(person=person).values("review")
        found = found.filter(Q(street__tree_id__in=trees) | Q(pk__in=own))
    streets = Grid.objects.current().filter(level=Level.STREET).order_by("tree_id")
    context = {
        "asked": asked.select_related("of").order_by("-first"),
        "reviews": [one for one in found if may_read(person, one, at=at)],
        "streets": [one for one in streets if may(person, "supervise", one, at=at)],
    }
    return render(request, "dashboards/assessments/list.html", context)


def _street(request: HttpRequest, street_id: int) -> Grid:
    street: Grid = get_object_or_404(Grid, pk=street_id, level=Level.STREET)
    if not may_run(request.user, street):
        raise PermissionDenied
    return street


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _street))
def new(request: HttpRequest, street_id: int) -> HttpResponse:
    street = _street(request, street_id)
    person, at = _person(request), timezone.now()
    usable = sets.usable(street, person, at=at)
    form = ReviewForm(posted(request), sets=usable, at=at)
    if form.is_valid():
        try:
            made = reviews.make_review(street=street, by=person, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect("dashboards:assessment-scorers", made.key)
    context = {"title": f"{street.name}：发起考核", "form": form, "button": "下一步：邀请评委"}
    return render(request, "parts/form_page.html", context)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_safe
@opens_to(within("figures", review_of) | own(review_of))
def review(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found = review_of(request, key)
    nodes = found.assessed.select_related("plan").order_by("rank", "pk")
    is_runner = may_run(request.user, found.street)
    context = {
        "review": found,
        "least_base": settings.FIGURES_LEAST_BASE,
        "nodes": _rows(nodes) if found.is_scored else nodes,
        "is_runner": is_runner,
        "done": _progress(found) if is_runner and found.state == Review.State.SCORING else [],
        "present": _present_by_role(found),
        "appeals": Appeal.objects.filter(outcome__assessed__review=found).select_related("outcome__assessed"),
        "differing": reviews.differing(found) if found.is_scored else 0,
        "is_shared": found.of.ranked == Ranked.AREA,
        "can_close": bool(found.appeals_until and found.appeals_until <= timezone.now()),
    }
    return render(request, "dashboards/assessments/review.html", context)


def _rows(nodes: Any) -> list[tuple[Assessed, int]]:
    """Each with how many of its indicators are left out."""
    found = nodes.prefetch_related("outcomes")
    return [(node, sum(one.stands is None and not one.is_bonus for one in node.outcomes.all())) for node in found]


def _present_by_role(found: Review) -> list[tuple[str, int]]:
    """Who came on the day, by what they are; their names are nobody's to read here."""
    there = Counter(found.scorers.filter(present_at__isnull=False).values_list("role", flat=True))
    return [(role.label, there[role.value]) for role in ScorerRole if there[role.value]]


def _progress(found: Review) -> list[tuple[Any, int, int]]:
    """Each scorer: how many nodes they are done with, and of how many."""
    at, rows = timezone.now(), []
    for scorer in found.scorers.select_related("person", "home", "review__of").order_by("role", "pk"):
        asked = [one for one in scores.to_score(scorer, at=at) if not one.is_own]
        rows.append((scorer, sum(one.is_done for one in asked), len(asked)))
    return rows


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _review_to_run))
def scorers(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    found, at = _review_to_run(request, key), timezone.now()
    form = ScorerForm(posted(request), street=found.street)
    if form.is_valid():
        try:
            made = reviews.invite(review=found, by=_person(request), at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{made.person.name}已列为评委。")
            return redirect("dashboards:assessment-scorers", key)
    people = found.scorers.select_related("person", "home").order_by("role", "pk")
    score = reviews.scoring_roles(found.of)
    rows = [(one, one.role in score) for one in people]
    context = {"review": found, "form": form, "scorers": rows, "roles": _by_role()}
    return render(request, "dashboards/assessments/scorers.html", context)


def _by_role() -> list[tuple[str, str]]:
    words = {ScorerRole.PEER: "请各社区书记互评", ScorerRole.STREET: "请街道干部打分"}
    return [(str(role), words[role]) for role in reviews.ROLES_OF]


@require_POST
@opens_to(posts=area("supervise", _review_to_run))
def step(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The acts that need nothing but a button."""
    found, at = _review_to_run(request, key), timezone.now()
    act, back = request.POST.get("act", ""), request.POST.get("act") in {"ask", "drop", "present"}
    try:
        if act in STEPS:
            said = STEPS[act](found, request, at)
            messages.success(request, said)
        else:
            messages.error(request, "请点页面上的按钮。")
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
    return redirect("dashboards:assessment-scorers" if back else "dashboards:assessment-review", key)


def _open(found: Review, request: HttpRequest, at: datetime) -> str:
    reviews.open_scoring(review=found, by=_person(request), at=at)
    return "开始打分，已通知评委。"


def _freeze(found: Review, request: HttpRequest, at: datetime) -> str:
    reviews.freeze(review=found, by=_person(request), at=at)
    return "得分已核定，已通知各负责人，可以申诉。"


def _close(found: Review, request: HttpRequest, at: datetime) -> str:
    reviews.close(review=found, by=_person(request), at=at)
    return "公布了。"


def _ask(found: Review, request: HttpRequest, at: datetime) -> str:
    many = reviews.invite_role(review=found, role=request.POST.get("role", ""), by=_person(request), at=at)
    return f"新邀请 {many} 人。"


def _chosen(found: Review, request: HttpRequest) -> Scorer:
    chosen = whole_number(request.POST.get("scorer"))
    return get_object_or_404(found.scorers.select_related("review", "person"), pk=chosen)


def _present(found: Review, request: HttpRequest, at: datetime) -> str:
    scorer = _chosen(found, request)
    reviews.note_presence(scorer=scorer, by=_person(request), at=at)
    return f"{scorer.person.name}{'已登记到场' if scorer.present_at else '的到场登记已取消'}。"


def _drop(found: Review, request: HttpRequest, at: datetime) -> str:
    scorer = _chosen(found, request)
    reviews.uninvite(scorer=scorer, by=_person(request), at=at)
    return f"{scorer.person.name}已移出。"


STEPS: dict[str, Callable[[Review, HttpRequest, datetime], str]] = {
    "open": _open, "freeze": _freeze, "close": _close, "ask": _ask, "drop": _drop,
    "present": _present,
}  # fmt: skip


@require_safe
@opens_to(within("figures", review_of) | own(review_of))
def node(request: HttpRequest, key: uuid.UUID, assessed_id: int) -> HttpResponse:
    """One node, indicator by indicator, as it was frozen and as it counts now."""
    found = review_of(request, key)
    assessed = get_object_or_404(found.assessed.select_related("grid"), pk=assessed_id)
    outcomes = list(
        assessed.outcomes.select_related("indicator").prefetch_related("appeals__by").order_by("indicator__number")
    )
    at = timezone.now()
    is_open = found.state == Review.State.FROZEN and found.appeals_until and found.appeals_until > at
    is_runner, is_leader = may_run(request.user, found.street), leads(request.user, assessed, at=at)
    grounds = scores.grounds_of(assessed) if is_runner or is_leader else {}
    context = {
        "review": found,
        "least_base": settings.FIGURES_LEAST_BASE,
        "assessed": assessed,
        "rows": [
            (one, _inputs(one, assessed, found), grounds.get(one.indicator_id), list(one.appeals.all()))
            for one in outcomes
        ],
        "may_appeal": bool(is_open) and is_leader,
        "is_runner": is_runner,
    }
    return render(request, "dashboards/assessments/node.html", context)


def _inputs(one: Outcome, assessed: Assessed, found: Review) -> list[tuple[str, str]]:
    """What an indicator was computed from: its name, and the list behind it as it is today."""
    indicator, scope = one.indicator, Scope(assessed.grid, found.period)
    if indicator.is_by_hand:
        return []
    if indicator.source == Indicator.Source.SHARE:
        share = SHARES[indicator.code]
        wanted = [(share.part, share.kind), (share.whole, share.kind)]
    else:
        wanted = [(measure, "") for measure in (indicator.code, indicator.per) if measure]
    return [(MEASURES[measure].label, scope.opens(measure, kind)) for measure, kind in wanted]


def _outcome(request: HttpRequest, key: uuid.UUID, outcome_id: int, at: datetime) -> tuple[Review, Outcome]:
    """For who answers for the node. Raises Http404, PermissionDenied."""
    found = review_of(request, key)
    outcomes = Outcome.objects.filter(assessed__review=found).select_related("assessed__grid")
    outcome: Outcome = get_object_or_404(outcomes, pk=outcome_id)
    if not leads(request.user, outcome.assessed, at=at):
        raise PermissionDenied
    return found, outcome


@require_http_methods(["GET", "POST"])
@opens_to(leader(_outcome))
def appeal(request: HttpRequest, key: uuid.UUID, outcome_id: int) -> HttpResponse:
    at = timezone.now()
    found, outcome = _outcome(request, key, outcome_id, at)
    form = AppealForm(posted(request))
    if form.is_valid():
        try:
            appeals.appeal(outcome=outcome, by=_person(request), at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "申诉已提交，街道答复后会通知您。")
            return redirect("dashboards:assessment-node", key, outcome.assessed_id)
    context = {"review": found, "outcome": outcome, "form": form}
    return render(request, "dashboards/assessments/appeal.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _review_to_run))
def answer(request: HttpRequest, key: uuid.UUID, appeal_id: int) -> HttpResponse:
    """The street's word to an appeal."""
    found = _review_to_run(request, key)
    made = get_object_or_404(
        Appeal.objects.select_related("outcome__assessed__review", "by", "decided_by"),
        pk=appeal_id, outcome__assessed__review=found,
    )  # fmt: skip
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            appeals.decide(appeal=made, by=_person(request), at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已答复，名次已重新排过。")
            return redirect("dashboards:assessment-review", key)
    context = {"review": found, "outcome": made.outcome, "appeal": made, "form": form}
    return render(request, "dashboards/assessments/appeal.html", context)
