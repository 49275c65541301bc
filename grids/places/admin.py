"""The desk for places: those who dispatch in an area keep its centres; what centres may offer is the county's list."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, Rows
from accounts.entry import CLOSED
from grids.models import ACCESS, Level, OpeningException, OpeningHours, Place, PlaceFunction, Room
from grids.places.opening import overlap
from grids.places.services import check_place, new_door_code
from grids.rights.admin import RulesAdmin
from grids.rights.entry import area, kept_by, verb
from grids.rights.jurisdiction import area_of


class PlaceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    functions = forms.ModelMultipleChoiceField(
        label="功能",
        queryset=PlaceFunction.objects.order_by("order", "pk"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    access = forms.MultipleChoiceField(
        label="无障碍",
        choices=list(ACCESS.items()),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Place
        fields = (
            "kind", "name", "grid", "unit", "address", "latitude", "longitude", "functions", "access", "duty_phone",
            "opened_date", "closed_date",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {name: cleaned.get(name) for name in ("latitude", "longitude", "grid", "closed_date")}
        try:
            check_place(Place(pk=self.instance.pk, **known))
        except ValidationError as refusal:
            self.add_error(None, refusal)
        return cleaned


class HoursFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    def clean(self) -> None:
        """No two stretches of one weekday share a moment."""
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        for weekday in range(7):
            stretches = [
                (cleaned["from_time"], cleaned["until_time"])
                for cleaned in kept
                if cleaned and cleaned["weekday"] == weekday
            ]
            if overlap(stretches):
                raise ValidationError(f"周{'一二三四五六日'[weekday]}的开放时间有重叠，请核对。")


class KeptWithPlace(Rows):
    """Rows of a place: whoever keeps the place keeps them."""

    rights = kept_by("dispatch")


class HoursInline(KeptWithPlace):
    model = OpeningHours
    formset = HoursFormSet
    fields = ["weekday", "from_time", "until_time"]
    ordering = ["weekday", "from_time"]


class ExceptionInline(KeptWithPlace):
    model = OpeningException
    fields = ["date", "from_time", "until_time", "words"]
    ordering = ["-date"]


class RoomInline(KeptWithPlace):
    rights = kept_by("dispatch", delete=CLOSED)  # not bookable any more, not deleted: bookings name it
    model = Room
    fields = ["name", "seats", "longest_hours", "equipment", "is_bookable"]


@admin.register(Place)
class PlaceAdmin(DeskAdmin):
    # Closed by its day, not deleted: figures of the past count it.
    rights = DeskRights(list=verb("dispatch"), view=area("dispatch"), add=verb("dispatch"), change=area("dispatch"))
    form = PlaceForm
    list_display = ["name", "kind", "grid", "opened_date", "closed_date"]
    list_filter = ["kind", "functions"]
    search_fields = ["name", "address"]
    ordering = ["grid__tree_id", "grid__lft", "pk"]
    list_select_related = ["grid"]
    inlines = [HoursInline, ExceptionInline, RoomInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        places: QuerySet[Place] = super().get_queryset(request)
        return places.filter(grid__in=area_of(request.user, "dispatch"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "grid":
            own = area_of(request.user, "dispatch").current()
            kwargs["queryset"] = own.filter(level__in=(Level.COMMUNITY, Level.ESTATE)).order_by("tree_id", "lft")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Place, form: PlaceForm, change: bool) -> None:
        obj.door_code = obj.door_code or new_door_code()
        super().save_model(request, obj, form, change)


@admin.register(PlaceFunction)
class PlaceFunctionAdmin(RulesAdmin):
    list_display = ["name", "order", "is_active"]
    ordering = ["order", "pk"]
    rights = kept_by("rules", delete=CLOSED)
