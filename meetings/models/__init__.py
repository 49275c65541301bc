from meetings.models.activity import Activity, ActivityKind, SignUp
from meetings.models.booking import Booking

__all__ = ["Activity", "ActivityKind", "Booking", "SignUp"]
