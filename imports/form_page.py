"""The page on which a table is handed in: of this room, and of the rooms that have one of their own for it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.requests import PersonRequest
from grids.rights.jurisdiction import area_of
from imports import services
from imports.forms import ImportForm
from imports.kinds import KINDS, VERB
from web.client_address import client_address

NO_ROOM = "现在存不下文件，这张表没有收下。请过一会儿再试，或联系管理员。"


def form_page(request: PersonRequest, key: str, *, template: str = "imports/new.html", **context: Any) -> HttpResponse:
    """Leads to the page of the import. For pages that open to who has `VERB`."""
    kind = KINDS[key]
    area = area_of(request.user, VERB)
    form = ImportForm(kind=kind, area=area)
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES, kind=kind, area=area)
        if form.is_valid() and (url := _ask(request, form)):
            return redirect(url)
    return render(request, template, {"kind": kind, "form": form, **context})


def _ask(request: PersonRequest, form: ImportForm) -> str:
    """Where its page is; "" when it was refused."""
    cleaned = form.cleaned_data
    try:
        asked = services.ask(
            kind=form.kind,
            person=request.user,
            place=cleaned.get("place"),
            source=cleaned.get("source", ""),
            name=cleaned["file"].name,
            content=form.content,
            at=timezone.now(),
            address=client_address(request),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
    except OSError:
        form.add_error("file", NO_ROOM)
    else:
        return asked.get_absolute_url()
    return ""
