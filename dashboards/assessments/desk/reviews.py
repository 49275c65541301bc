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
    review = _found(key)
    if not may_read(request.user, review):
        raise PermissionDenied
    return review


def _review_to_run(request: HttpRequest, key: uuid.UUID) -> Review:
    review = _found(key)
    if not may_run(request.user, review.street):
        raise PermissionDenied
    return review


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
    rows = Review.objects.select_related("of", "street").order_by("-first", "-pk")
    trees = {post.grid.tree_id for post in posts_in(request) if post.grid}
    if not any(post.grid is None for post in posts_in(request)):
        own = Scorer.objects.filter(person=person).values("review")
        rows = rows.filter(Q(street__tree_id__in=trees) | Q(pk__in=own))
    streets = Grid.objects.current().filter(level=Level.STREET).order_by("tree_id")
    context = {
        "asked": asked.select_related("of").order_by("-first"),
        "reviews": [review for review in rows if may_read(person, review, at=at)],
        "streets": [street for street in streets if may(person, "supervise", street, at=at)],
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
    review = review_of(request, key)
    nodes = review.assessed.select_related("plan").order_by("rank", "pk")
    is_runner = may_run(request.user, review.street)
    context = {
        "review": review,
        "least_base": settings.FIGURES_LEAST_BASE,
        "nodes": _rows(nodes) if review.is_scored else nodes,
        "is_runner": is_runner,
        "done": _progress(review) if is_runner and review.state == Review.State.SCORING else [],
        "present": _present_by_role(review),
        "appeals": Appeal.objects.filter(outcome__assessed__review=review).select_related("outcome__assessed"),
        "differing": reviews.differing(review) if review.is_scored else 0,
        "is_shared": review.of.ranked == Ranked.AREA,
        "can_close": bool(review.appeals_until and review.appeals_until <= timezone.now()),
    }
    return render(request, "dashboards/assessments/review.html", context)


def _rows(nodes: Any) -> list[tuple[Assessed, int]]:
    """Each with how many of its indicators are left out."""
    nodes = nodes.prefetch_related("outcomes")
    return [
        (node, sum(outcome.stands is None and not outcome.is_bonus for outcome in node.outcomes.all()))
        for node in nodes
    ]


def _present_by_role(review: Review) -> list[tuple[str, int]]:
    """Who came on the day, by what they are; their names are nobody's to read here."""
    there = Counter(review.scorers.filter(present_at__isnull=False).values_list("role", flat=True))
    return [(role.label, there[role.value]) for role in ScorerRole if there[role.value]]


def _progress(review: Review) -> list[tuple[Any, int, int]]:
    """Each scorer: how many nodes they are done with, and of how many."""
    at, rows = timezone.now(), []
    for scorer in review.scorers.select_related("person", "home", "review__of").order_by("role", "pk"):
        asked = [row for row in scores.to_score(scorer, at=at) if not row.is_own]
        rows.append((scorer, sum(row.is_done for row in asked), len(asked)))
    return rows


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _review_to_run))
def scorers(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    review, at = _review_to_run(request, key), timezone.now()
    form = ScorerForm(posted(request), street=review.street)
    if form.is_valid():
        try:
            made = reviews.invite(review=review, by=_person(request), at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{made.person.name}已列为评委。")
            return redirect("dashboards:assessment-scorers", key)
    people = review.scorers.select_related("person", "home").order_by("role", "pk")
    score = reviews.scoring_roles(review.of)
    rows = [(scorer, scorer.role in score) for scorer in people]
    context = {"review": review, "form": form, "scorers": rows, "roles": _by_role()}
    return render(request, "dashboards/assessments/scorers.html", context)


def _by_role() -> list[tuple[str, str]]:
    words = {ScorerRole.PEER: "请各社区书记互评", ScorerRole.STREET: "请街道干部打分"}
    return [(str(role), words[role]) for role in reviews.ROLES_OF]


@require_POST
@opens_to(posts=area("supervise", _review_to_run))
def step(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The acts that need nothing but a button."""
    review, at = _review_to_run(request, key), timezone.now()
    act, back = request.POST.get("act", ""), request.POST.get("act") in {"ask", "drop", "present"}
    try:
        if act in STEPS:
            messages.success(request, STEPS[act](review, request, at))
        else:
            messages.error(request, "请点页面上的按钮。")
    except ValidationError as refusal:
        messages.error(request, "；".join(refusal.messages))
    return redirect("dashboards:assessment-scorers" if back else "dashboards:assessment-review", key)


def _open(review: Review, request: HttpRequest, at: datetime) -> str:
    reviews.open_scoring(review=review, by=_person(request), at=at)
    return "开始打分，已通知评委。"


def _freeze(review: Review, request: HttpRequest, at: datetime) -> str:
    reviews.freeze(review=review, by=_person(request), at=at)
    return "得分已核定，已通知各负责人，可以申诉。"


def _close(review: Review, request: HttpRequest, at: datetime) -> str:
    reviews.close(review=review, by=_person(request), at=at)
    return "公布了。"


def _ask(review: Review, request: HttpRequest, at: datetime) -> str:
    many = reviews.invite_role(review=review, role=request.POST.get("role", ""), by=_person(request), at=at)
    return f"新邀请 {many} 人。"


def _chosen(review: Review, request: HttpRequest) -> Scorer:
    chosen = whole_number(request.POST.get("scorer"))
    return get_object_or_404(review.scorers.select_related("review", "person"), pk=chosen)


def _present(review: Review, request: HttpRequest, at: datetime) -> str:
    scorer = _chosen(review, request)
    reviews.note_presence(scorer=scorer, by=_person(request), at=at)
    return f"{scorer.person.name}{'已登记到场' if scorer.present_at else '的到场登记已取消'}。"


def _drop(review: Review, request: HttpRequest, at: datetime) -> str:
    scorer = _chosen(review, request)
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
    review = review_of(request, key)
    assessed = get_object_or_404(review.assessed.select_related("grid"), pk=assessed_id)
    outcomes = list(
        assessed.outcomes.select_related("indicator").prefetch_related("appeals__by").order_by("indicator__number")
    )
    at = timezone.now()
    is_open = review.state == Review.State.FROZEN and review.appeals_until and review.appeals_until > at
    is_runner, is_leader = may_run(request.user, review.street), leads(request.user, assessed, at=at)
    grounds = scores.grounds_of(assessed) if is_runner or is_leader else {}
    context = {
        "review": review,
        "least_base": settings.FIGURES_LEAST_BASE,
        "assessed": assessed,
        "rows": [
            (
                outcome,
                _inputs(outcome, assessed, review),
                grounds.get(outcome.indicator_id),
                list(outcome.appeals.all()),
            )
            for outcome in outcomes
        ],
        "may_appeal": bool(is_open) and is_leader,
        "is_runner": is_runner,
    }
    return render(request, "dashboards/assessments/node.html", context)


def _inputs(outcome: Outcome, assessed: Assessed, review: Review) -> list[tuple[str, str]]:
    """What an indicator was computed from: its name, and the list behind it as it is today."""
    indicator, scope = outcome.indicator, Scope(assessed.grid, review.period)
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
    review = review_of(request, key)
    outcomes = Outcome.objects.filter(assessed__review=review).select_related("assessed__grid")
    outcome: Outcome = get_object_or_404(outcomes, pk=outcome_id)
    if not leads(request.user, outcome.assessed, at=at):
        raise PermissionDenied
    return review, outcome


@require_http_methods(["GET", "POST"])
@opens_to(leader(_outcome))
def appeal(request: HttpRequest, key: uuid.UUID, outcome_id: int) -> HttpResponse:
    at = timezone.now()
    review, outcome = _outcome(request, key, outcome_id, at)
    form = AppealForm(posted(request))
    if form.is_valid():
        try:
            appeals.appeal(outcome=outcome, by=_person(request), at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "申诉已提交，街道答复后会通知您。")
            return redirect("dashboards:assessment-node", key, outcome.assessed_id)
    context = {"review": review, "outcome": outcome, "form": form}
    return render(request, "dashboards/assessments/appeal.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("supervise", _review_to_run))
def answer(request: HttpRequest, key: uuid.UUID, appeal_id: int) -> HttpResponse:
    """The street's word to an appeal."""
    review = _review_to_run(request, key)
    made = get_object_or_404(
        Appeal.objects.select_related("outcome__assessed__review", "by", "decided_by"),
        pk=appeal_id,
        outcome__assessed__review=review,
    )
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            appeals.decide(appeal=made, by=_person(request), at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已答复，名次已重新排过。")
            return redirect("dashboards:assessment-review", key)
    context = {"review": review, "outcome": made.outcome, "appeal": made, "form": form}
    return render(request, "dashboards/assessments/appeal.html", context)
