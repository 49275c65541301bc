"""公约 for everybody: what is in force, what is drafted, what changed, a sheet to hang up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.entry import PUBLIC, opens_to
from meetings.covenants import services as covenants
from meetings.models import Covenant, Version


@require_safe
@opens_to(PUBLIC)
def covenant_list(request: HttpRequest) -> HttpResponse:
    in_force = Covenant.objects.filter(versions__from_at__isnull=False, versions__until_at=None)
    shown = in_force.select_related("grid").order_by("grid__tree_id", "grid__lft")
    return render(request, "meetings/covenants/list.html", {"covenants": shown})


@require_safe
@opens_to(PUBLIC)
def covenant(request: HttpRequest, key: UUID) -> HttpResponse:
    """The version in force, or the one that is asked for."""
    covenant = get_object_or_404(Covenant.objects.select_related("grid"), key=key)
    versions = list(covenant.versions.select_related("topic__case").order_by("-number"))
    number = request.GET.get("version", "")
    shown = next((version for version in versions if str(version.number) == number), None) if number else None
    shown = shown or next((version for version in versions if version.is_in_force), versions[0] if versions else None)
    return render(
        request,
        "meetings/covenants/covenant.html",
        {
            "covenant": covenant,
            "versions": versions,
            "shown": shown,
            "clauses": shown.clauses.all() if shown else [],
            "changes": covenants.changes(shown) if shown else [],
        },
    )


@require_safe
@opens_to(PUBLIC)
def poster(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    versions = Version.objects.select_related("covenant__grid")
    version = get_object_or_404(versions, covenant__key=key, number=number)
    url = request.build_absolute_uri(version.covenant.get_absolute_url())
    response = HttpResponse(covenants.poster(version, url=url), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="covenant-{number}.pdf"'
    return response
