"""Pages that say why something was not taken (of the API: zhenghe/api.py). They promise only what is so: whether it was
kept is asked first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from accounts.unsent import forms as kept_forms


def page_too_old(request: HttpRequest) -> HttpResponse:
    """The form's token is not this browser's any more: it was signed in anew meanwhile, or its cookies are gone."""
    return render(request, "403_csrf.html", {"kept": kept_forms.keep(request)}, status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """Something broke. Nothing is asked of the database here: it may be what broke."""
    kept = getattr(request, "kept_form", None)
    return HttpResponse(loader.get_template("500.html").render({"kept": kept}), status=500)
