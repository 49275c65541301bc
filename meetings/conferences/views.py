"""联席会议 for whoever is invited: what it is about, an answer in three taps, the calendar, the minutes. For anybody else it is
not there."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limiter
from accounts.entry import SIGNED_IN, opens_to, own
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from meetings.activities.calendar import calendar_response
from meetings.conferences import services as conferences
from meetings.conferences.forms import AnswerForm
from meetings.conferences.minutes import invitation_to, invitations_of, shown_of
from meetings.models import Conference, Invitation
from web import ical
from web.posted import posted


@require_safe
@opens_to(SIGNED_IN)
def mine(request: PersonRequest) -> HttpResponse:
    """What I am and was invited to, the newest first."""
    context = {"invitations": invitations_of(request.user)[:50], "at": timezone.now()}
    return render(request, "meetings/conferences/invitations.html", context)


def _mine(request: PersonRequest, key: UUID) -> Invitation:
    return invitation_to(key, request.user)


@require_http_methods(["GET", "POST"])
@opens_to(own(_mine))
def conference(request: PersonRequest, key: UUID) -> HttpResponse:
    """My invitation with its three answers; when they are out, the minutes."""
    mine, at = _mine(request, key), timezone.now()
    form = AnswerForm(posted(request), initial={"substitute": mine.substitute})
    if form.is_valid():
        try:
            limiter.check("act", person=request.user.pk, at=at)
            conferences.answer(invitation=mine, by=request.user, at=at, **form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return redirect(mine.conference)
    conference = mine.conference
    return render(
        request,
        "meetings/conferences/conference.html",
        {
            "conference": conference,
            "invitation": mine,
            "answer_form": form,
            "is_ahead": not conference.is_over and conference.from_at > at,
            **shown_of(conference, at=at),
        },
    )


@require_safe
@opens_to(own(_mine))
def entry(request: PersonRequest, key: UUID) -> HttpResponse:
    """For my calendar; called off, it says so."""
    conference = _mine(request, key).conference
    agenda = "；".join(conference.agenda.order_by("number").values_list("words", flat=True))
    return calendar_response(conference.title, [_entry(request, conference, agenda)])


def _entry(request: HttpRequest, conference: Conference, agenda: str) -> ical.Entry:
    return ical.Entry(
        uid=f"{conference.key}@{request.get_host()}",
        title=conference.title,
        where=conference.where_words,
        words=agenda,
        from_at=conference.from_at,
        until_at=conference.until_at,
        stamp_at=conference.cancelled_at or conference.called_at,
        url=request.build_absolute_uri(conference.get_absolute_url()),
        is_cancelled=conference.cancelled_at is not None,
    )
