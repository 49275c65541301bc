"""待分拣, for who dispatches: one list of what waits in their area, with what is suggested, sorted by the page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from accounts import limiter
from accounts.entry import opens_to
from accounts.requests import PersonRequest
from cases.models import Case, Category, Urgency
from cases.models.querysets import CaseQuerySet
from grids.models.querysets import GridQuerySet
from grids.rights.entry import verb
from grids.rights.jurisdiction import area_of
from residents.desk.sorting import LACKS, Choice, sort_many, sorting_queue, suggestions
from residents.forms import PlaceChoice
from web.choices import name_rows
from web.pages import page_of
from web.params import whole_number
from web.posted import posted

PAGE = 50
AS_SUGGESTED = "按各件的建议"


class SortForm(forms.Form):
    """What is said of all that are ticked."""

    category = forms.ModelChoiceField(
        label="分类",
        queryset=Category.objects.filter(kind="request", retired_at=None).order_by("path"),
        required=False,
        empty_label=AS_SUGGESTED,
        error_messages={"invalid_choice": "这一分类已停用，请另选一类。"},
    )
    urgency = forms.ChoiceField(label="紧急程度", choices=[("", AS_SUGGESTED), *Urgency.choices], required=False)
    field_order = ("place", "category", "urgency")

    def __init__(self, *args: Any, area: GridQuerySet, queue: CaseQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.queue = queue
        name_rows(self.fields["category"], lambda category: category.path.replace("/", " › "))
        self.fields["place"] = PlaceChoice(
            label="地点",
            area=area,
            required=False,
            empty_label=AS_SUGGESTED,
            error_messages={"invalid_choice": "这个网格不在您的辖区，或已撤并，请重新选择。"},
        )
        self.order_fields(self.field_order)

    @property
    def ticked(self) -> set[int]:
        asked = self.data.getlist("case") if isinstance(self.data, MultiValueDict) else []
        return {key for text in asked if (key := whole_number(text)) is not None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.ticked:
            raise forms.ValidationError("请先勾选要分拣的事项。")
        cleaned["cases"] = list(self.queue.filter(pk__in=self.ticked)[:PAGE])
        return cleaned

    @property
    def choice(self) -> Choice:
        cleaned = self.cleaned_data
        return Choice(cleaned["place"], cleaned["category"], cleaned["urgency"])


@require_http_methods(["GET", "POST"])
@opens_to(verb("dispatch"))
def sorting(request: PersonRequest) -> HttpResponse:
    """What stays stays ticked, with the reason."""
    area = area_of(request.user, "dispatch")
    queue = sorting_queue(area)
    lack, batch = request.GET.get("lack", ""), whole_number(request.GET.get("import"))
    shown = queue.filter(LACKS[lack][1]) if lack in LACKS else queue
    shown = shown.filter(batch=f"import:{batch}") if batch is not None else shown
    form = SortForm(posted(request), area=area, queue=queue)
    stay: list[tuple[Case, str]] = []
    if request.method == "POST" and form.is_valid():
        asked, at = form.cleaned_data["cases"], timezone.now()
        limiter.check("act", person=request.user.pk, at=at)
        stay = sort_many(cases=asked, choice=form.choice, by=request.user, at=at)
        _say(request, sorted_=len(asked) - len(stay), gone=len(form.ticked) - len(asked), stay=len(stay))
        if not stay:
            return redirect(request.get_full_path())
    page = page_of(shown, request.GET, PAGE)
    reasons = {case.pk: reason for case, reason in stay}
    return render(
        request,
        "residents/sorting.html",
        {
            "form": form,
            "page": page,
            "rows": [
                (suggested, reasons.get(suggested.case.pk, ""))
                for suggested in suggestions(page.object_list, area=area)
            ],
            "ticked": form.ticked,
            "lack": lack,
            "lacks": {name: (label, queue.filter(wanted).count()) for name, (label, wanted) in LACKS.items()},
            "total": queue.count(),
            "batch": batch,
        },
    )


def _say(request: HttpRequest, *, sorted_: int, gone: int, stay: int) -> None:
    words = [f"已分拣 {sorted_} 件"]
    words += [f"{gone} 件刚被别人分拣"] if gone else []
    words += [f"{stay} 件还要您看一看，原因写在下面"] if stay else []
    messages.info(request, "，".join(words) + "。")
