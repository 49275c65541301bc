"""What a page cannot be cheaper than: one row by its key as a small JSON. Addresses of the bench's own, beside none of the
portal's, behind the portal's middleware."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from grids.models import Grid

handler500 = "zhenghe.api.server_error"


def node(request: HttpRequest, key: int) -> JsonResponse:
    grid = Grid.objects.get(pk=key)
    return JsonResponse({"id": grid.pk, "name": grid.name})


urlpatterns = [path("<int:key>/", node)]
