"""Open data, for everybody: a page that says what there is, and the files."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from accounts.entry import PUBLIC, opens_to
from dashboards.models import Publication
from dashboards.open_data import services as open_data
from dashboards.open_data.services import DATASETS

FORMS = {
    "csv": (open_data.as_csv, "text/csv; charset=utf-8"),
    "json": (open_data.as_json, "application/json; charset=utf-8"),
}


def _asked(request: HttpRequest, dataset: str, form: str) -> Publication:
    """Read once a request. Raises Http404."""
    if dataset not in DATASETS or form not in FORMS:
        raise Http404
    if not hasattr(request, "_publication"):
        request._publication = open_data.published(DATASETS[dataset], at=timezone.now())  # type: ignore[attr-defined]
    publication: Publication = request._publication  # type: ignore[attr-defined]
    return publication


def _etag(request: HttpRequest, dataset: str, form: str) -> str:
    return f'"{_asked(request, dataset, form).digest[:32]}-{form}"'


def _made_at(request: HttpRequest, dataset: str, form: str) -> datetime:
    return _asked(request, dataset, form).made_at


@require_safe
@opens_to(PUBLIC)
def index(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    shown = [(dataset, open_data.published(dataset, at=at)) for dataset in DATASETS.values()]
    notes = {"licence": open_data.LICENCE, "updates": open_data.UPDATED, "kept_back": open_data.KEPT_BACK}
    return render(request, "dashboards/open_data.html", {"shown": shown, **notes})


@require_safe
@opens_to(PUBLIC)
@cache_control(public=True, max_age=3600)
@condition(etag_func=_etag, last_modified_func=_made_at)
def dataset(request: HttpRequest, dataset: str, form: str) -> HttpResponse:
    make, mimetype = FORMS[form]
    response = HttpResponse(make(_asked(request, dataset, form)), content_type=mimetype)
    response["Content-Disposition"] = f'attachment; filename="zhenghe-{dataset}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
