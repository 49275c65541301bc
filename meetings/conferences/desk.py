"""联席会议 at the desk until it begins: the list, a new one, who is invited and what they answer, called off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from grids.rights.entry import area, verb
from meetings.conferences import proceedings
from meetings.conferences import services as conferences
from meetings.conferences.forms import (
    AnswerForm,
    ConferenceForm,
    InvitePostsForm,
    InviteResidentForm,
    InviteUnitsForm,
    RepresentForm,
)
from meetings.conferences.minutes import invited_to
from meetings.desk.area import own_area, own_conference
from meetings.desk.forms import ReasonForm
from meetings.models import Conference
from web.pages import page_of
from web.posted import posted

PAGE = 20


@require_safe
@opens_to(verb("dispatch"))
def overview(request: HttpRequest) -> HttpResponse:
    """Those of one's area, the newest first."""
    rows = Conference.objects.filter(grid__in=own_area(request).order_by())
    rows = rows.select_related("grid", "place", "booking__room").with_counts().order_by("-from_at", "-pk")
    page = page_of(rows, request.GET, PAGE)
    return render(request, "meetings/conferences/list.html", {"page": page, "at": timezone.now()})


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def make(request: PersonRequest) -> HttpResponse:
    form = ConferenceForm(posted(request), within=own_area(request))
    if form.is_valid():
        try:
            made = conferences.call(**form.arguments, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "会议已建立，请邀请参会人员。")
            return redirect("meetings:conference-invite", key=made.key)
    return render(request, "parts/form_page.html", {"form": form, "title": "召开联席会议", "button": "下一步：邀请"})


@require_safe
@opens_to(area("dispatch", own_conference))
def desk(request: HttpRequest, key: UUID) -> HttpResponse:
    conference, at = own_conference(request, key), timezone.now()
    invitations = invited_to(conference)
    resolutions = proceedings.progress_of(conference.resolutions.order_by("number"), at=at)
    return render(
        request,
        "meetings/conferences/desk.html",
        {
            "conference": conference,
            "agenda": conference.agenda.order_by("number"),
            "invitations": invitations,
            "answered": sum(1 for invitation in invitations if invitation.answer),
            "earlier": proceedings.progress_of(proceedings.coming_up(conference), at=at),
            "resolutions": resolutions,
            "may_call_off": not conference.is_over and conference.attendance_at is None and not resolutions,
            "is_ahead": not conference.is_over and conference.from_at > at,
            "is_running": not conference.is_over and conference.from_at <= at,
            "missing": proceedings.still_to_do(conference) if not conference.is_over else [],
        },
    )


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def invite(request: PersonRequest, key: UUID) -> HttpResponse:
    """Three small forms; the button says which one was sent. Of the ticked, all are invited or none."""
    conference, at = own_conference(request, key), timezone.now()
    sent = posted(request)
    act = sent.get("act") if sent else None
    forms = {
        "units": InviteUnitsForm(sent if act == "units" else None, conference=conference),
        "posts": InvitePostsForm(sent if act == "posts" else None, conference=conference),
        "resident": InviteResidentForm(sent if act == "resident" else None),
    }
    if act in forms and forms[act].is_valid():
        cleaned = forms[act].cleaned_data
        who: dict[str, Any] = {"conference": conference, "by": request.user, "at": at}
        try:
            limiter.check("act", person=request.user.pk, at=at)  # a phone may be tried here whose it is
            with transaction.atomic():
                for unit in cleaned.get("units", ()):
                    conferences.invite_unit(unit=unit, **who)
                for post in cleaned.get("posts", ()):
                    conferences.invite_post(post=post, **who)
                if act == "resident":
                    conferences.invite_resident(person=cleaned["person"], **who)
        except ValidationError as refusal:
            refuse(forms[act], refusal, {"unit": "units", "post": "posts"})
        else:
            messages.success(request, "已邀请，有账号的会收到通知。")
            return redirect("meetings:conference-invite", key=key)
    context = {"conference": conference, "forms": forms, "invitations": invited_to(conference)}
    return render(request, "meetings/conferences/invite.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def invitation(request: PersonRequest, key: UUID, invitation_id: int) -> HttpResponse:
    """A unit's: who comes for it; while it has named nobody, what it answered by phone."""
    conference, at = own_conference(request, key), timezone.now()
    units = conference.invitations.exclude(unit=None).select_related("unit", "person", "conference__grid", "post")
    invitation = get_object_or_404(units, pk=invitation_id)
    sent = posted(request)
    act = "answer" if sent and "answer" in sent else sent.get("act") if sent else None
    forms = {
        "represent": RepresentForm(sent if act == "represent" else None),
        "answer": AnswerForm(sent if act == "answer" else None),
    }
    if act in forms and forms[act].is_valid():
        cleaned = forms[act].cleaned_data
        who: dict[str, Any] = {"invitation": invitation, "by": request.user, "at": at}
        try:
            limiter.check("act", person=request.user.pk, at=at)
            (conferences.represent if act == "represent" else conferences.answer)(**cleaned, **who)
        except ValidationError as refusal:
            refuse(forms[act], refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("meetings:conference-desk", key=key)
    context = {"conference": conference, "invitation": invitation, "forms": forms, "answer_form": forms["answer"]}
    return render(request, "meetings/conferences/invitation.html", context)


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", own_conference))
def call_off(request: PersonRequest, key: UUID) -> HttpResponse:
    conference = own_conference(request, key)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            conferences.call_off(conference=conference, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "已取消，受邀的人都会收到通知。")
            return redirect("meetings:conference-desk", key=key)
    title = f"取消“{conference.title}”"
    return render(request, "parts/form_page.html", {"form": form, "title": title, "button": "取消会议"})
