"""Activities for residents: what there is, a seat or a place in the line, signing in on the day, a calendar."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import PUBLIC, SIGNED_IN, opens_to
from accounts.requests import PersonRequest
from grids.models import Grid, Level
from grids.rights.jurisdiction import Visitor, may, posts_of
from grids.roles import ROLES
from meetings.activities import services as activities
from meetings.activities.calendar import calendar_response
from meetings.activities.reading import activity_of, seen_by
from meetings.desk.forms import CodeForm
from meetings.models import Activity, ActivityKind, Conference, Invitation, SignUp
from meetings.models.querysets import ActivityQuerySet
from web import ical
from web.pages import page_of
from web.params import row_of
from web.posted import posted

PAGE = 20
FEED = 200
Family = ActivityKind.Family


def _asked_for(request: HttpRequest) -> tuple[ActivityQuerySet, Grid | None, str]:
    """What is still to come, of a community and a family where they are named."""
    coming = Activity.objects.coming(timezone.now())
    family = request.GET.get("family", "")
    communities = Grid.objects.current().filter(level=Level.COMMUNITY)
    community = row_of(communities, request.GET.get("community"))
    if community is not None:
        coming = coming.filter(grid__in=Grid.objects.in_area([community]))
    if family in Family.values:
        coming = coming.filter(kind__family=family)
    return coming, community, family


@require_safe
@opens_to(PUBLIC)
def activity_list(request: HttpRequest) -> HttpResponse:
    coming, community, family = _asked_for(request)
    shown = coming.select_related("kind", "place", "grid").with_counts().order_by("from_at", "pk")
    query = "&".join(
        f"{name}={value}" for name, value in (("community", community and community.pk), ("family", family)) if value
    )
    return render(
        request,
        "meetings/activities/list.html",
        {
            "page": page_of(shown, request.GET, PAGE),
            "communities": Grid.objects.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft"),
            "community": community,
            "families": Family.choices,
            "family": family,
            "feed_query": f"?{query}" if query else "",
            "may": _may(request.user),
            "invitations": _waiting(request.user, timezone.now()),
        },
    )


def _may(user: Visitor) -> frozenset[str]:
    """Every verb of this person's posts: which further pages are offered."""
    return frozenset(verb for post in posts_of(user) for verb in ROLES[post.role].verbs)


def _waiting(user: Visitor, at: datetime) -> int:
    """Invitations to conferences still ahead."""
    if not user.is_authenticated:
        return 0
    ahead = Conference.objects.current().filter(from_at__gt=at)
    return Invitation.objects.filter(person=user, conference__in=ahead).count()


@require_safe
@opens_to(PUBLIC)
def activity(request: HttpRequest, key: UUID) -> HttpResponse:
    activity = activity_of(key)
    context = {
        "activity": activity,
        **seen_by(activity, request.user, at=timezone.now()),
        "is_desk": may(request.user, "dispatch", activity.grid),
    }
    return render(request, "meetings/activities/activity.html", context)


@require_POST
@opens_to(posts=SIGNED_IN)
def sign_up(request: PersonRequest, key: UUID) -> HttpResponse:
    activity = get_object_or_404(Activity, key=key)
    at = timezone.now()
    try:
        limiter.check("act", person=request.user.pk, at=at)
        got = activities.sign_up(activity=activity, person=request.user, at=at)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        seated = got.state == SignUp.State.SEATED
        messages.success(request, "报名成功。" if seated else "名额满了，您在候补名单里，有人让出就通知您。")
    return redirect(activity)


@require_POST
@opens_to(posts=SIGNED_IN)
def leave(request: PersonRequest, key: UUID) -> HttpResponse:
    activity = get_object_or_404(Activity, key=key)
    try:
        activities.leave(activity=activity, person=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.success(request, "取消了，名额让给后面的人。")
    return redirect(activity)


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def check_in(request: PersonRequest, key: UUID) -> HttpResponse:
    activity = get_object_or_404(Activity.objects.select_related("place"), key=key)
    at = timezone.now()
    form = CodeForm(posted(request))
    if form.is_valid():
        try:
            limiter.check("answer", person=request.user.pk, at=at)
            activities.check_in(activity=activity, person=request.user, code=form.cleaned_data["code"], at=at)
        except ValidationError as refusal:
            form.add_error(None, refusal)  # a refusal that names its field finds it by itself
        else:
            messages.success(request, "签到好了。")
            return redirect(activity)
    return render(request, "meetings/activities/check_in.html", {"activity": activity, "form": form})


def _entry(request: HttpRequest, activity: Activity) -> ical.Entry:
    return ical.Entry(
        uid=f"{activity.key}@{request.get_host()}",
        title=activity.title,
        where=activity.where_words or activity.grid.name,
        words=activity.words,
        from_at=activity.from_at,
        until_at=activity.until_at,
        stamp_at=activity.cancelled_at or activity.made_at,
        url=request.build_absolute_uri(activity.get_absolute_url()),
        is_cancelled=activity.cancelled_at is not None,
    )


@require_safe
@opens_to(PUBLIC)
def feed(request: HttpRequest) -> HttpResponse:
    """What is to come, to subscribe to: of all, of a community, of a family."""
    coming, community, _ = _asked_for(request)
    coming = coming.select_related("place", "grid").order_by("from_at", "pk")[:FEED]
    name = f"{community.name}活动" if community else "邻里活动"
    return calendar_response(name, [_entry(request, activity) for activity in coming], file_name="activities.ics")


@require_safe
@opens_to(PUBLIC)
def entry(request: HttpRequest, key: UUID) -> HttpResponse:
    """One activity for one's own calendar."""
    activity = get_object_or_404(Activity.objects.select_related("place", "grid"), key=key)
    return calendar_response(activity.title, [_entry(request, activity)])
