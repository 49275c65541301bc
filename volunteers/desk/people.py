"""People at the desk: rosters of units."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from imports.form_page import form_page
from volunteers.roster import ROSTER


@require_http_methods(["GET", "POST"])
@login_required
def roster(request: HttpRequest) -> HttpResponse:
    """A unit's people."""
    return form_page(request, ROSTER.key)
