"""Hours and points: mine to read, published in my unit and teams, exchanged for small things."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.entry import PUBLIC, SIGNED_IN, opens_to, own
from accounts.requests import PersonRequest
from volunteers.models import Certificate, HoursEntry, PointRule, PointsEntry, PointsExpiry, Redemption, Reward
from volunteers.services import expiry, hours, points
from web.pages import page_of

PAGE = 25


@require_safe
@opens_to(SIGNED_IN)
def ledger(request: PersonRequest) -> HttpResponse:
    at = timezone.now()
    mine = HoursEntry.objects.filter(person=request.user).select_related("case__service")
    mine = mine.order_by("-case__service__begins_at", "-pk")
    return render(
        request,
        "volunteers/ledger.html",
        {
            "at": at,
            "hours": hours.counted(request.user, at=at),
            "points": points.balance(request.user),
            "lapsing": expiry.lapsing_of(request.user, year=timezone.localdate(at).year),
            "hours_entries": mine[:PAGE],
            "points_entries": PointsEntry.objects.filter(person=request.user).order_by("-noted_at", "-pk")[:PAGE],
            "certificates": Certificate.objects.filter(person=request.user).order_by("-issued_at"),
        },
    )


@require_safe
@opens_to(SIGNED_IN)
def published(request: PersonRequest) -> HttpResponse:
    """公示: what was noted for people of my units and teams and does not count yet."""
    page = page_of(hours.on_show_to(request.user, at=timezone.now()), request.GET, PAGE)
    return render(request, "volunteers/figures/published.html", {"page": page})


@require_safe
@opens_to(SIGNED_IN)
def ranking(request: HttpRequest) -> HttpResponse:
    """Those who chose to stand here, by hours of this year. Nobody else is counted, no points, no last place."""
    at = timezone.now()
    return render(
        request, "volunteers/figures/ranking.html", {"year": timezone.localdate(at).year, "rows": hours.ranking(at=at)}
    )


@require_safe
@opens_to(PUBLIC)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of points, with those to come and those that were."""
    rules = PointRule.objects.select_related("category").order_by("what", "category__path", "-from_date")
    context = {
        "rules": rules, "expiries": PointsExpiry.objects.order_by("-from_date"), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "volunteers/rules.html", context)


@require_safe
@opens_to(SIGNED_IN)
def rewards(request: PersonRequest) -> HttpResponse:
    return render(
        request,
        "volunteers/rewards.html",
        {
            "points": points.balance(request.user),
            "rewards": [(reward, reward.left) for reward in points.on_offer()],  # type: ignore[attr-defined]  # by the query
            "redemptions": Redemption.objects.filter(person=request.user)
            .select_related("reward")
            .order_by("-redeemed_at"),
        },
    )


@require_POST
@opens_to(posts=SIGNED_IN)
def redeem(request: PersonRequest, reward_id: int) -> HttpResponse:
    try:
        made = points.redeem(reward=get_object_or_404(Reward, pk=reward_id), person=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, f"换好了。到{made.reward.place}报领取码 {made.code} 领取。")
    return redirect("volunteers:rewards")


def _own(request: HttpRequest, redemption_id: int) -> Redemption:
    redemption: Redemption = get_object_or_404(Redemption, pk=redemption_id, person=request.user)
    return redemption


@require_POST
@opens_to(posts=own(_own))
def give_back(request: PersonRequest, redemption_id: int) -> HttpResponse:
    redemption = _own(request, redemption_id)
    try:
        points.cancel(redemption=redemption, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "已取消，积分退回来了。")
    return redirect("volunteers:rewards")
