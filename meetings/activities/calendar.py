"""How this room answers with a calendar."""

from collections.abc import Iterable

from django.http import HttpResponse

from web import ical


def calendar_response(name: str, entries: Iterable[ical.Entry], *, file_name: str = "meeting.ics") -> HttpResponse:
    response = HttpResponse(ical.calendar(name, entries), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{file_name}"'
    return response
