"""The staff's desk for slots, and for which bookings wait: field and time, no words."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import action, display

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin
from accounts.entry import opens_to
from disputes.experts.admin import Appointing, own_experts
from disputes.experts.services import panel
from disputes.models import Booking, Consultation, Slot
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of


@admin.register(Slot)
class SlotAdmin(Appointing):
    rights = DeskRights(list=verb("appoint"))  # opened from the expert's page
    list_display = ["words_shown", "expert_shown", "booked_shown"]
    list_display_links = None
    list_filter = ["expert__kind"]
    search_fields = ["expert__person__name"]
    ordering = ["from_at", "pk"]
    actions = ["withdraw"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Slot]:
        """Those to come."""
        live = Booking.objects.filter(slot=OuterRef("pk"), state__in=("waiting", "accepted")).values("state")
        slots = Slot.objects.filter(expert__in=own_experts(request.user), withdrawn_at=None)
        ahead = slots.filter(until_at__gt=timezone.now()).select_related("expert__person")
        rows: QuerySet[Slot] = ahead.annotate(booked_as=Subquery(live[:1]))
        return rows

    @display(description="时段")
    def words_shown(self, slot: Slot) -> str:
        return slot.words

    @display(description="专家")
    def expert_shown(self, slot: Slot) -> str:
        return slot.expert.words

    @display(description="预约", label={"空闲": "success"})
    def booked_shown(self, slot: Any) -> str:
        return str(Booking.State(slot.booked_as).label) if slot.booked_as else "空闲"

    @action(description="撤下选中的时段")
    @opens_to(posts=area("appoint"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Slot]) -> None:
        for slot in queryset:
            try:
                panel.withdraw_slot(slot=slot, at=timezone.now())
            except ValidationError as refusal:
                self.message_user(request, f"{slot.words}：{refusal.messages[0]}", level="warning")


class OpenFilter(admin.SimpleListFilter):
    title = "进度"
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "等答复或待安排")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(case__state__in=("booked", "stranded")) if self.value() == "waiting" else queryset


@admin.register(Consultation)
class ConsultationAdmin(DeskAdmin):
    """Which bookings there are, and what waits, for the community's desk: field, place and time. Who asks and what is said
    is not theirs to read."""

    rights = DeskRights(list=verb("dispatch"))
    list_display = ["number_shown", "field", "place_shown", "expert_shown", "state_shown", "when_shown"]
    list_display_links = None
    list_filter = [OpenFilter, "field"]
    ordering = ["-case__opened_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultation]:
        times = Booking.objects.filter(consultation=OuterRef("pk")).order_by("-pk").values("slot__from_at")
        consultations = Consultation.objects.filter(case__grid__in=area_of(request.user, "dispatch"))
        return (
            consultations.select_related("case", "field", "expert__person")
            .defer("matter", "advice")
            .annotate(from_at=Subquery(times[:1]))
        )

    @display(description="编号")
    def number_shown(self, consultation: Consultation) -> str:
        return consultation.case.number

    @display(description="社区")
    def place_shown(self, consultation: Consultation) -> str:
        return consultation.case.place

    @display(description="专家")
    def expert_shown(self, consultation: Consultation) -> str:
        return consultation.expert.words

    @display(description="状态")
    def state_shown(self, consultation: Consultation) -> str:
        return consultation.case.state_label

    @display(description="约定时间")
    def when_shown(self, consultation: Any) -> str:
        return f"{timezone.localtime(consultation.from_at):%Y-%m-%d %H:%M}" if consultation.from_at else "—"
