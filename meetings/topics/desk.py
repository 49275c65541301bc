"""A topic at the desk: a covenant drafted."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.entry import opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from cases.engine.access import access_case, arrows_for
from cases.engine.turns import Given
from cases.models import Case
from grids.rights.entry import area
from meetings.covenants import services as covenants
from meetings.topics.forms import DraftForm
from meetings.workflow import KIND
from web.posted import posted


def topic_for(request: HttpRequest, number: str, verb: str) -> Case:
    """The topic, if this person may draw the arrow whose page this is."""
    case = access_case(request.user, number)
    if case.kind != KIND or verb not in [arrow.verb for arrow in arrows_for(request.user, case, at=timezone.now())]:
        raise Http404
    return case


@require_http_methods(["GET", "POST"])
@opens_to(area("dispatch", topic_for))
def draft(request: PersonRequest, number: str) -> HttpResponse:
    case = topic_for(request, number, "draft")
    version = getattr(case.topic, "covenant_version", None)
    clauses = [clause.words for clause in version.clauses.all()] if version else []
    title = version.covenant.title if version else f"{case.grid.name}公约"
    initial = {"version": case.version, "title": title, "clauses": "\n".join(clauses)}
    form = DraftForm(posted(request), initial=initial)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            covenants.draft(
                case=case,
                by=request.user,
                at=timezone.now(),
                version=cleaned["version"],
                given=Given(),
                title=cleaned["title"],
                clauses=cleaned["clauses"].split("\n"),
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "草案已保存，居民可以逐条提意见。")
            return redirect(case.topic)
    return render(
        request, "meetings/topics/form.html", {"form": form, "case": case, "title": "起草公约", "button": "保存草案"}
    )
