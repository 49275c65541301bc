"""What was sent with a request. An empty body is sent too: a form that takes it for nothing sent neither reads it nor says
what is missing."""

from typing import Any

from django.http import HttpRequest


def posted(request: HttpRequest) -> Any:
    """What was typed; None when the form was only opened."""
    return request.POST if request.method == "POST" else None


def files_posted(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None
