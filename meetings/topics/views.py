"""Topics for residents: what is talked over, co-signing, a word on it, proposing one."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limiter
from accounts.entry import PUBLIC, SIGNED_IN, opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from cases.reading.story import cards
from grids.models import Grid, Level
from meetings.models import Topic
from meetings.topics import services as topics
from meetings.topics.forms import CommentForm, ProposeForm
from meetings.topics.reading import TABS, clauses_of, listed, public_topic, seen_by
from web.pages import page_of
from web.params import row_of
from web.posted import posted

PAGE = 20


@require_safe
@opens_to(PUBLIC)
def topic_list(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("tab", "open")
    if tab not in TABS:
        raise Http404
    shown = listed().filter(case__state__in=TABS[tab][1])
    communities = Grid.objects.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft")
    community = row_of(communities, request.GET.get("community"))
    if community is not None:
        shown = shown.filter(case__grid__in=Grid.objects.in_area([community]).order_by())
    return render(
        request,
        "meetings/topics/list.html",
        {
            "tab": tab,
            "tabs": {code: label for code, (label, _) in TABS.items()},
            "page": page_of(shown.order_by("-case__opened_at"), request.GET, PAGE),
            "communities": communities,
            "community": community,
        },
    )


@require_safe
@opens_to(PUBLIC)
def topic(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, public_topic(number), None)


def _page(request: HttpRequest, topic: Topic, form: CommentForm | None) -> HttpResponse:
    """The topic, with the comment form as it was sent where it was refused."""
    at = timezone.now()
    case, clauses = topic.case, list(clauses_of(topic).values())
    shown = seen_by(topic, request.user, at=at)
    return render(
        request,
        "meetings/topics/topic.html",
        {
            **shown,
            "case": case,
            "card": cards([case], at=at)[0],
            "vote": next(reversed(shown["votes"]), None),
            "talks": topic.tea_talks.filter(is_public=True).select_related("place", "grid").order_by("held_at"),
            "version": getattr(topic, "covenant_version", None),
            "clauses": clauses,
            "form": form or CommentForm(clauses=clauses),
        },
    )


@require_POST
@opens_to(posts=SIGNED_IN)
def cosign(request: PersonRequest, number: str) -> HttpResponse:
    topic = public_topic(number)
    at = timezone.now()
    try:
        limiter.check("act", person=request.user.pk, at=at)
        made = topics.cosign(topic=topic, person=request.user, at=at)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        where = topic.case.grid.name
        messages.success(
            request, "联署好了。" if made.is_counted else f"谢谢支持。户册上没有您在{where}的房子，这次不计入人数。"
        )
    return redirect(topic)


@require_POST
@opens_to(posts=SIGNED_IN)
def comment(request: PersonRequest, number: str) -> HttpResponse:
    topic = public_topic(number)
    clauses = clauses_of(topic)
    form = CommentForm(request.POST, clauses=clauses.values())
    at = timezone.now()
    if form.is_valid():
        clause = clauses.get(form.cleaned_data.get("clause") or 0)
        try:
            limiter.check("act", person=request.user.pk, at=at)
            made = topics.comment(
                topic=topic, person=request.user, words=form.cleaned_data["words"], at=at, clause=clause
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            seen = "大家都看得到。" if made.clearance.is_public else "核对以后大家都看得到。"
            messages.success(request, f"您的意见记下了，{seen}")
            return redirect(f"{topic.get_absolute_url()}#comments")
    return _page(request, topic, form)


@require_http_methods(["GET", "POST"])
@opens_to(SIGNED_IN)
def propose(request: PersonRequest) -> HttpResponse:
    form = ProposeForm(posted(request), initial={"key": uuid4(), **request.GET.dict()})
    at = timezone.now()
    if form.is_valid():
        try:
            limiter.check("submit", person=request.user.pk, at=at)
            made = topics.propose(by=request.user, at=at, **form.arguments(request.user))
        except ValidationError as refusal:
            refuse(form, refusal, {"grid": "place"})
        else:
            needed = made.cosign_needed
            messages.success(
                request,
                f"提好了。请把这一页发给邻居，{needed} 位住在这里或在这里有房的人联署，就提交社区审议。"
                if needed
                else "提好了，等社区审议。",
            )
            return redirect(made)
    return render(request, "meetings/topics/propose.html", {"form": form})
