"""Scoring on a phone. Whoever was asked scores; nobody else finds these pages."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import leader, opens_to, own
from dashboards.assessments.forms import ScoreForm
from dashboards.assessments.services import scores
from dashboards.assessments.services.rights import is_own, leads, may_run, own_places
from dashboards.models import Assessed, Evidence, Review, Scorer
from grids.rights.entry import area
from web.stored_files import stored_file


def _scorer(request: HttpRequest, key: uuid.UUID) -> Scorer:
    asked = Scorer.objects.select_related("review__of", "review__street", "person", "home")
    scorer: Scorer = get_object_or_404(asked, review__key=key, person=request.user)
    if scorer.review.state == Review.State.DRAFT:
        raise Http404
    return scorer


@require_safe
@opens_to(own(_scorer))
def places(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Where to score, and where one is done."""
    scorer = _scorer(request, key)
    rows = scores.to_score(scorer, at=timezone.now())
    asked = [row for row in rows if not row.is_own]
    context = {
        "review": scorer.review, "scorer": scorer, "rows": rows, "done": sum(row.is_done for row in asked),
        "wanted": len(asked), "is_open": scorer.review.state == Review.State.SCORING,
        "scores": bool(scores.items_of(scorer)),
    }  # fmt: skip
    return render(request, "dashboards/assessments/places.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(own(_scorer))
def score(request: HttpRequest, key: uuid.UUID, assessed_id: int) -> HttpResponse:
    """One place. Every indicator is saved by itself, whichever button is pressed."""
    scorer, at = _scorer(request, key), timezone.now()
    assessed = get_object_or_404(scorer.review.assessed.select_related("grid"), pk=assessed_id)
    form = _form(request, scorer, assessed)
    saved = 0
    if request.method == "POST":
        limiter.check("act", person=request.user.pk, at=at)
        form.is_valid()
        for indicator, given in form.answers():
            try:
                scores.give(scorer=scorer, assessed=assessed, indicator=indicator, at=at, **given)
                saved += 1
            except ValidationError as refusal:
                form.refuse(indicator, refusal)
        if not form.errors:
            messages.success(request, "保存了，核定以前都可以改。" if saved else "还没有打分。")
            return _onward(request, scorer, assessed)
    context = {
        "review": scorer.review, "scorer": scorer, "assessed": assessed, "form": form, "items": form.items(),
        "saved": saved, "is_own": is_own(assessed, own_places(scorer, at=at)),
        "is_open": scorer.review.state == Review.State.SCORING,
    }  # fmt: skip
    return render(request, "dashboards/assessments/score.html", context)


def _form(request: HttpRequest, scorer: Scorer, assessed: Assessed) -> ScoreForm:
    of = {"scorer": scorer, "assessed": assessed}
    given = {score.indicator_id: score for score in scorer.scores.filter(assessed=assessed, replaced_at=None)}
    kept: dict[int, list[Evidence]] = {}
    for photo in Evidence.objects.filter(**of).order_by("pk"):
        kept.setdefault(photo.indicator_id, []).append(photo)
    sent: tuple[Any, Any] = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return ScoreForm(*sent, indicators=scores.items_of(scorer), given=given, kept=kept)


def _onward(request: HttpRequest, scorer: Scorer, assessed: Assessed) -> HttpResponse:
    """To the next place that waits, where that was asked for."""
    key = scorer.review.key
    if "next" not in request.POST:
        return redirect("dashboards:assessment-score", key, assessed.pk)
    waiting = [row for row in scores.to_score(scorer, at=timezone.now()) if not row.is_own and not row.is_done]
    if not waiting:
        return redirect("dashboards:assessment-places", key)
    return redirect("dashboards:assessment-score", key, waiting[0].assessed.pk)


def _evidence(request: HttpRequest, key: uuid.UUID, photo_id: int) -> Evidence:
    """For who took it, who runs the review, and, once points stand, who leads the place."""
    photos = Evidence.objects.select_related("scorer__review__street", "assessed__grid")
    photo: Evidence = get_object_or_404(photos, pk=photo_id, scorer__review__key=key)
    review = photo.scorer.review
    is_leader = review.is_scored and leads(request.user, photo.assessed, at=timezone.now())
    if photo.scorer.person_id != request.user.pk and not may_run(request.user, review.street) and not is_leader:
        raise Http404
    return photo


@require_safe
@opens_to(own(_evidence) | area("supervise", _evidence) | leader(_evidence))
def evidence(request: HttpRequest, key: uuid.UUID, photo_id: int) -> FileResponse:
    return stored_file(_evidence(request, key, photo_id).file, "image/jpeg")
