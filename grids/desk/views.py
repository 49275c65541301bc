"""Staff pages on any device: gaps of the trees, the roster 1+2+4+N, joint duty, safety notices."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.admin.act_page import say
from accounts.entry import opens_to, works
from accounts.requests import PersonRequest
from grids.admin_pages.excel import period
from grids.desk.forms import RosterForm, SafetyForm, ShiftForm
from grids.models import ROSTER_ROLES, Grid, Level, Post, SafetyNotice, Shift
from grids.models.querysets import GridQuerySet
from grids.police import duty, safety, staffing
from grids.posts import services
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, has_verb, may, posts_in
from grids.roles import ROLES
from grids.tree.gaps import KINDS, counted, gaps
from web.pages import page_of
from web.posted import posted

PAGE = 50


def _communities(nodes: GridQuerySet) -> GridQuerySet:
    communities: GridQuerySet = nodes.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft")
    return communities


@require_safe
@opens_to(verb("appoint|dispatch|safety"))
def desk(request: HttpRequest) -> HttpResponse:
    """What this person does for the grid: ways on, with what is open."""
    verbs = {verb: has_verb(posts_in(request), verb) for verb in ("appoint", "dispatch", "safety")}
    at = timezone.now()
    plans = _communities(area_of(request.user, "dispatch") | area_of(request.user, "safety"))
    context = {"verbs": verbs, "communities": plans}
    if verbs["appoint"]:
        own = area_of(request.user, "appoint")
        context["gap_count"] = len(gaps(nodes=own, at=at))
        context["short"] = [roster for roster in staffing.rosters(_communities(own), at=at) if roster.missing]
    return render(request, "grids/desk.html", context)


@require_safe
@opens_to(verb("appoint"))
def gap_list(request: HttpRequest) -> HttpResponse:
    """Every vacant or doubled post and every door that lies in no grid, each with the page that mends it."""
    all_gaps = gaps(nodes=area_of(request.user, "appoint"), at=timezone.now())
    tab = request.GET.get("tab", next(iter(KINDS)))
    if tab not in KINDS:
        raise Http404
    counts = counted(all_gaps)
    tabs = [(kind, label, counts[kind]) for kind, label in KINDS.items()]
    page = page_of([gap for gap in all_gaps if gap.kind == tab], request.GET, PAGE)
    return render(request, "grids/gaps.html", {"tab": tab, "tabs": tabs, "page": page})


@require_safe
@opens_to(verb("appoint"))
def staffing_list(request: HttpRequest) -> HttpResponse:
    """1+2+4+N of each community, those that are short first."""
    rosters = staffing.rosters(_communities(area_of(request.user, "appoint")), at=timezone.now())
    rosters.sort(key=lambda roster: not roster.missing)
    wanted = "+".join(str(number) for number in staffing.norm().values())
    return render(request, "grids/staffing.html", {"rosters": rosters, "wanted": f"{wanted}+N"})


def _own_community(request: HttpRequest, grid_id: int) -> Grid:
    return get_object_or_404(_communities(area_of(request.user, "appoint")), pk=grid_id)


@require_http_methods(["GET", "POST"])
@opens_to(area("appoint", _own_community))
def roster(request: HttpRequest, grid_id: int) -> HttpResponse:
    """Who is on a community's roster, by role; one more at a time."""
    community = _own_community(request, grid_id)
    at = timezone.now()
    form = RosterForm(posted(request), initial={"role": request.GET.get("role", "")})
    if request.method == "POST" and form.is_valid():
        cleaned: dict[str, Any] = dict(form.cleaned_data)
        days = period(cleaned.pop("from_date"), cleaned.pop("until_date"), now=at)
        try:
            limiter.check("act", person=request.user.pk, at=at)
            services.appoint_by_phone(**cleaned, grid=community, by=request.user, at=at, **days)
        except ValidationError as refusal:
            say(form, refusal, {"person": "phone", "from_at": "from_date", "until_at": "until_date"})
        else:
            messages.info(request, f"{ROLES[cleaned['role']].label}已登记。")
            return redirect("grids:roster", grid_id=community.pk)
    held = Post.objects.held_at(at).filter(grid=community, role__in=ROSTER_ROLES).select_related("person")
    posts = list(held.order_by("from_at", "pk"))
    context = {
        "community": community,
        "roster": staffing.rosters([community], at=at)[0],
        "rows": [
            (ROLES[role].label, staffing.norm().get(role), [post for post in posts if post.role == role])
            for role in ROSTER_ROLES
        ],
        "blocks": staffing.block_posts([community], at=at).get(community.pk, []),
        "form": form,
    }
    return render(request, "grids/roster.html", context)


@require_POST
@opens_to(posts=area("appoint", _own_community))
def roster_end(request: PersonRequest, grid_id: int, post_id: int) -> HttpResponse:
    community = _own_community(request, grid_id)
    post = get_object_or_404(Post.objects.filter(grid=community, role__in=ROSTER_ROLES), pk=post_id)
    try:
        services.vacate(post=post, at=timezone.now(), by=request.user)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, f"{post.words}已离岗。")
    return redirect("grids:roster", grid_id=community.pk)


def _community_of_duty(request: HttpRequest, grid_id: int) -> Grid:
    community: Grid = get_object_or_404(_communities(Grid.objects.all()), pk=grid_id)
    if not duty.may_read(request.user, community):
        raise Http404
    return community


def _community_to_plan(request: HttpRequest, grid_id: int) -> Grid:
    community = _community_of_duty(request, grid_id)
    if not duty.may_plan(request.user, community):
        raise PermissionDenied
    return community


@require_http_methods(["GET", "POST"])
@opens_to(works(_community_of_duty), posts=area("dispatch|safety", _community_to_plan))
def duty_page(request: PersonRequest, grid_id: int) -> HttpResponse:
    """A community's joint duty: coming shifts, one more, and one's own link for a calendar program."""
    fetch = _community_to_plan if request.method == "POST" else _community_of_duty
    community, at = fetch(request, grid_id), timezone.now()
    plans = duty.may_plan(request.user, community)
    form = ShiftForm(posted(request), posts=duty.posts_for_duty(community, at=at)) if plans else None
    if form is not None and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            duty.plan_shift(community=community, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            say(form, refusal)
        else:
            messages.info(request, "值班已排好，已通知值班人员。")
            return redirect("grids:duty", grid_id=community.pk)
    feed = duty.own_feed(person=request.user, community=community)
    context = {
        "community": community,
        "shifts": duty.shifts_of(community, since=at - timedelta(days=1)),
        "now": at,
        "form": form,
        "feed_url": request.build_absolute_uri(reverse("grids:duty-calendar", args=[feed.token])) if feed else "",
    }
    return render(request, "grids/duty.html", context)


@require_POST
@opens_to(posts=area("dispatch|safety", _community_to_plan))
def shift_call_off(request: HttpRequest, grid_id: int, shift_id: int) -> HttpResponse:
    community = _community_to_plan(request, grid_id)
    try:
        duty.call_off(shift=get_object_or_404(Shift, pk=shift_id, grid=community), at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "这班已撤销，已通知值班人员。")
    return redirect("grids:duty", grid_id=community.pk)


@require_POST
@opens_to(posts=works(_community_of_duty))
def duty_feed(request: PersonRequest, grid_id: int) -> HttpResponse:
    """A new link for one's calendar, or none any more."""
    community = _community_of_duty(request, grid_id)
    if "revoke" in request.POST:
        duty.revoke_feed(person=request.user, community=community, at=timezone.now())
        messages.info(request, "日历链接已停用。")
    else:
        had_one = duty.own_feed(person=request.user, community=community) is not None
        duty.new_feed(person=request.user, community=community, at=timezone.now())
        messages.info(request, "日历链接已建立" + ("，以前的不能再用。" if had_one else "。"))
    return redirect("grids:duty", grid_id=community.pk)


@require_http_methods(["GET", "POST"])
@opens_to(verb("safety"))
def safety_page(request: PersonRequest) -> HttpResponse:
    """The police's own notices, and a new one."""
    at = timezone.now()
    initial = {"from_at": timezone.localtime(at), "until_at": timezone.localtime(at + timedelta(days=7))}
    nodes = area_of(request.user, "safety").current()
    form = SafetyForm(posted(request), nodes=nodes, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            safety.publish(by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            say(form, refusal)
        else:
            messages.info(request, "已发布，已通知网格长。")
            return redirect("grids:safety")
    notices = safety.notices_of(request.user)
    page = page_of(notices, request.GET, PAGE)
    return render(request, "grids/safety.html", {"form": form, "page": page, "now": at})


def _own_notice(request: HttpRequest, notice_id: int) -> SafetyNotice:
    notice: SafetyNotice = get_object_or_404(safety.notices_of(request.user), pk=notice_id)
    if not may(request.user, "safety", notice.grid):
        raise PermissionDenied
    return notice


@require_POST
@opens_to(posts=area("safety", _own_notice))
def safety_withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    notice = _own_notice(request, notice_id)
    try:
        safety.withdraw(notice=notice, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        messages.info(request, "已撤下。")
    return redirect("grids:safety")
