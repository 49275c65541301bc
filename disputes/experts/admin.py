"""The staff's desk for the panel: terms, hours, training, photo. Slots and bookings are in disputes/experts/bookings_admin.py."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from unfold.decorators import action, display

from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, Rows
from accounts.entry import opens_to
from accounts.forms.fields import refuse
from accounts.requests import PersonRequest
from disputes.experts.admin_forms import EnlistForm, PhotoForm, TermForm, WeekForm
from disputes.experts.services import panel
from disputes.models import Expert, Slot, Training
from grids.admin_pages.excel import period
from grids.models import Grid, Level, Post
from grids.posts.services import appoint, appoint_by_phone
from grids.rights.entry import area, kept_by, verb
from grids.rights.jurisdiction import area_of, may
from web.period_ends import last_day
from web.posted import files_posted, posted


def own_experts(user: Any) -> QuerySet[Expert]:
    """Whom this person may manage: experts who were ever in post where they appoint."""
    place = Q(grid__in=area_of(user, "appoint"))
    if may(user, "appoint", None):
        place |= Q(grid=None)
    posts = Post.objects.filter(place, role="expert")
    experts: QuerySet[Expert] = Expert.objects.filter(person__in=posts.values("person"))
    return experts


class Appointing(DeskAdmin):
    """For those who appoint, at the community, the street or the county."""

    rights = DeskRights(list=verb("appoint"), view=area("appoint"), add=verb("appoint"), change=area("appoint"))


class TrainingInline(Rows):
    rights = kept_by("appoint")
    model = Training
    fields = ["held_on", "topic", "hours"]
    ordering = ["-held_on"]


@admin.register(Expert)
class ExpertAdmin(Appointing):
    list_display = [
        "person_shown", "kind", "term_shown", "slots_shown", "load_shown", "rating_shown", "trained_shown", "is_listed",
    ]  # fmt: skip
    list_filter = ["kind", "is_listed", "fields"]
    search_fields = ["person__name"]
    ordering = ["pk"]
    list_per_page = 50
    actions = None
    fields = ["person_shown", "kind", "fields", "communities", "languages", "introduction", "is_listed", "term_shown"]
    readonly_fields = ["person_shown", "term_shown"]
    filter_horizontal = ["fields", "communities"]
    inlines = [TrainingInline]
    actions_detail = ["open_week", "renew", "change_photo"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Expert]:
        now = timezone.now()
        terms = Post.objects.filter(Q(until_at=None) | Q(until_at__gt=now), person=OuterRef("person"), role="expert")
        free = Slot.objects.free(now).filter(expert=OuterRef("pk")).values("expert").annotate(count=Count("pk"))
        trained = Training.objects.filter(expert=OuterRef("pk")).values("expert").annotate(count=Count("pk"))
        experts = Expert.objects.with_card(now).filter(pk__in=own_experts(request.user)).select_related("person")
        rows: QuerySet[Expert] = experts.annotate(
            term_from=Subquery(terms.order_by("from_at").values("from_at")[:1]),
            term_until=Subquery(terms.order_by("from_at").values("until_at")[:1]),
            free_count=Subquery(free.values("count")),
            trained_count=Subquery(trained.values("count")),
        )
        return rows

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "communities":
            kwargs["queryset"] = _communities()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @display(description="专家")
    def person_shown(self, expert: Expert) -> str:
        return str(expert.person)

    @display(description="聘期")
    def term_shown(self, expert: Any) -> str:
        if expert.term_from is None:
            return "已到期"
        until = f"{last_day(expert.term_until):%Y-%m-%d}" if expert.term_until else "长期"
        return f"{timezone.localdate(expert.term_from):%Y-%m-%d} 至 {until}"

    @display(description="空闲时段")
    def slots_shown(self, expert: Any) -> int:
        return expert.free_count or 0

    @display(description="手上", ordering="load")
    def load_shown(self, expert: Any) -> str:
        return f"{expert.load} 件"

    @display(description="评价")
    def rating_shown(self, expert: Any) -> str:
        """Staff see what it is made of, whatever the count; what was said is the expert's alone."""
        count = expert.rated_count
        return f"{expert.rated_sum / count:.1f} 分（{count} 人）" if count else "—"

    @display(description="培训")
    def trained_shown(self, expert: Any) -> str:
        return f"{expert.trained_count or 0} 次"

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EnlistForm(posted(request), nodes=_nodes(request.user), communities=_communities())
        return self._page(
            request, "聘任专家", form, lambda cleaned: self._enlist(request, cleaned), "已聘任，请再开放时段。"
        )

    def _enlist(self, request: HttpRequest, cleaned: dict[str, Any]) -> None:
        if not may(request.user, "appoint", cleaned["grid"]):
            raise ValidationError({"grid": "县级专家由县级管理员聘任。"})
        now = timezone.now()
        with transaction.atomic():
            post = appoint_by_phone(
                phone=cleaned.pop("phone"),
                name=cleaned.pop("name"),
                role="expert",
                grid=cleaned.pop("grid"),
                by=request.user,
                at=now,
                **period(cleaned.pop("from_date"), cleaned.pop("until_date"), now=now),
            )
            panel.enlist(post=post, **cleaned)

    def _own(self, request: HttpRequest, object_id: str) -> Expert:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=object_id)

    @action(description="每周固定时段")
    @opens_to(area("appoint", _own))
    def open_week(self, request: HttpRequest, object_id: str) -> HttpResponse:
        expert = self._own(request, object_id)
        form = WeekForm(posted(request), initial={"weeks": 4, "minutes": 60})

        def act(cleaned: dict[str, Any]) -> None:
            made = panel.open_week(expert=expert, at=timezone.now(), **cleaned)
            if not made:
                raise ValidationError("没有开放新的时段：都已经有了，或不在聘期内。")

        return self._page(request, f"每周固定时段：{expert.words}", form, act, "已开放。")

    @action(description="续聘")
    @opens_to(area("appoint", _own))
    def renew(self, request: PersonRequest, object_id: str) -> HttpResponse:
        expert = self._own(request, object_id)
        form = TermForm(posted(request), nodes=_nodes(request.user))

        def act(cleaned: dict[str, Any]) -> None:
            if not may(request.user, "appoint", cleaned["grid"]):
                raise ValidationError({"grid": "县级专家由县级管理员聘任。"})
            now = timezone.now()
            appoint(
                person=expert.person,
                role="expert",
                grid=cleaned["grid"],
                by=request.user,
                at=now,
                **period(cleaned["from_date"], cleaned["until_date"], now=now),
            )

        return self._page(request, f"续聘：{expert.words}", form, act, "已续聘。")

    @action(description="换照片")
    @opens_to(area("appoint", _own))
    def change_photo(self, request: HttpRequest, object_id: str) -> HttpResponse:
        expert = self._own(request, object_id)
        form = PhotoForm(posted(request), files_posted(request))
        return self._page(
            request,
            f"换照片：{expert.words}",
            form,
            lambda cleaned: panel.set_photo(expert=expert, photo=cleaned["photo"]),
            "已换照片。",
        )

    def _page(
        self, request: HttpRequest, title: str, form: forms.Form, act: Callable[[dict[str, Any]], None], done: str
    ) -> HttpResponse:
        if request.method == "POST" and form.is_valid():
            try:
                act(dict(form.cleaned_data))
            except ValidationError as refusal:
                refuse(form, refusal)
            else:
                self.message_user(request, done)
                return redirect("admin:disputes_expert_changelist")
        context = {**self.admin_site.each_context(request), "title": title, "form": form}
        return render(request, "admin/_act_page.html", context)


def _communities() -> Any:
    return Grid.objects.current().filter(level=Level.COMMUNITY).order_by("tree_id", "lft")


def _nodes(user: Any) -> Any:
    """Where an expert may sit: streets and communities of the area in which this person appoints."""
    nodes = area_of(user, "appoint").current().filter(level__lte=Level.COMMUNITY)
    return nodes.order_by("tree_id", "lft")
