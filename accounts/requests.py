"""Django's request as the middleware hands it to a page, for whoever reads the types. Nothing here is ever made."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails
from rest_framework.request import Request

from accounts.models import User


class PageRequest(HttpRequest):
    htmx: HtmxDetails


class PersonRequest(PageRequest):
    """Where a rule of accounts/entry.py asks for a sign-in, somebody is signed in."""

    user: User


class PersonCall(Request):
    """The same of the API."""

    user: User
