"""People at the desk: rosters of units."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.requests import PersonRequest
from grids.rights.entry import verb
from imports.form_page import form_page
from volunteers.roster.reading import ROSTER


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def roster(request: PersonRequest) -> HttpResponse:
    """A unit's people."""
    return form_page(request, ROSTER.key)
