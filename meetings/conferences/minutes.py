"""What a conference shows to whoever is invited, and what its minutes show to the desk too."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from meetings.conferences.proceedings import coming_up, progress_of
from meetings.models import Conference, Invitation


def invited_to(conference: Conference) -> list[Invitation]:
    """Units, then those in post, then residents."""
    invitations: QuerySet[Invitation] = conference.invitations.select_related("unit", "person", "post__grid")
    order = Invitation.As.values
    return sorted(invitations.order_by("pk"), key=lambda invitation: order.index(invitation.invited_as))


def minutes_of(conference: Conference, *, at: datetime) -> dict[str, Any]:
    """Agenda, who was invited and came, what was reviewed, what was resolved and how far that is."""
    return {
        "agenda": conference.agenda.order_by("number"),
        "invitations": invited_to(conference),
        "earlier": progress_of(coming_up(conference), at=at, said_at=conference),
        "resolutions": progress_of(conference.resolutions.order_by("number"), at=at),
    }


def shown_of(conference: Conference, *, at: datetime) -> dict[str, Any]:
    """To whoever is invited: the agenda; when they are out, the minutes."""
    if conference.closed_at:
        return minutes_of(conference, at=at)
    return {"agenda": conference.agenda.order_by("number")}


def invitations_of(person: User) -> QuerySet[Invitation]:
    """What this person is and was invited to, the newest first."""
    own = Invitation.objects.filter(person=person)
    related = own.select_related("conference__grid", "conference__place", "conference__booking__room")
    return related.order_by("-conference__from_at")


def invitation_to(key: UUID, person: User) -> Invitation:
    """Raises Http404 for whoever is not invited."""
    related = ("unit", "person", "post__grid", "conference__host")
    return get_object_or_404(invitations_of(person).select_related(*related), conference__key=key)
