from meetings.models.activity import Activity, ActivityKind, SignUp
from meetings.models.booking import Booking
from meetings.models.conference import AgendaItem, Conference, Invitation, Resolution, Review
from meetings.models.tea_talk import Agreed, TeaTalk

__all__ = [
    "Activity",
    "ActivityKind",
    "AgendaItem",
    "Agreed",
    "Booking",
    "Conference",
    "Invitation",
    "Resolution",
    "Review",
    "SignUp",
    "TeaTalk",
]
