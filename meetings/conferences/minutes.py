"""What the minutes of a conference show, for its desk and for whoever was invited."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

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
