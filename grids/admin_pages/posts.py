"""The staff's desk for posts and the accounts behind them: appointing one by one or by Excel, ending, resetting."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from unfold.decorators import action, display

from accounts.admin.act_page import act_page
from accounts.admin.entry import DeskRights
from accounts.admin.pages import DeskAdmin, end_column, record_export
from accounts.entry import opens_to
from accounts.requests import PersonRequest
from accounts.sign_in import passwords, second_factor
from grids.admin_pages.excel import POSTS, PostResource, period
from grids.forms.staff import AppointForm
from grids.models import Post
from grids.posts import services
from grids.rights.entry import area, verb
from grids.rights.jurisdiction import area_of, may
from tables.admin import TableAdmin
from web.choices import offer_rows
from web.posted import posted

IN_FORM = {"person": "phone", "from_at": "from_date", "until_at": "until_date"}
"""What the services refuse -> the form's field for it."""


@admin.register(Post)
class PostAdmin(DeskAdmin, TableAdmin):
    # History is kept: a post is ended, never overwritten.
    rights = DeskRights(
        list=verb("see|accounts"), view=area("see|accounts"), add=verb("appoint"), table=verb("appoint")
    )
    resource_classes = [PostResource]
    layout = POSTS
    list_display = ["person_shown", "role", "grid", "from_at", end_column("任职止")]
    list_filter = ["role"]
    search_fields = ["person__name", "grid__name"]
    ordering = ["grid__tree_id", "grid__lft", "pk"]
    fields = readonly_fields = ["person_shown", "role", "grid", "from_at", end_column("任职止")]
    actions = None
    actions_detail = ["end_post", "reset_password", "reset_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        area = Q(grid__in=area_of(request.user)) | Q(grid__in=area_of(request.user, "accounts"))
        if may(request.user, "appoint", None) or may(request.user, "accounts", None):
            area |= Q(grid=None)
        return Post.objects.filter(area).select_related("person", "grid")

    @display(description="任职人")
    def person_shown(self, post: Post) -> str:
        return str(post.person)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AppointForm(posted(request), initial=request.GET.dict())
        offer_rows(form.fields["grid"], area_of(request.user, "appoint").current().order_by("tree_id", "lft"))
        return act_page(
            request,
            self,
            title="任命",
            form=form,
            act=lambda cleaned: self._appoint(request, cleaned),
            done="已任命。",
            back="admin:grids_post_changelist",
            named=IN_FORM,
        )

    def _appoint(self, request: HttpRequest, cleaned: dict[str, Any]) -> None:
        if not may(request.user, "appoint", cleaned["grid"]):
            raise ValidationError({"grid": "县级职务由县级管理员任命。"})
        now = timezone.now()
        services.appoint_by_phone(
            phone=cleaned["phone"],
            name=cleaned["name"],
            role=cleaned["role"],
            grid=cleaned["grid"],
            by=request.user,
            at=now,
            **period(cleaned["from_date"], cleaned["until_date"], now=now),
        )

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_import_resource_kwargs(request, **kwargs), "user": request.user}

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: QuerySet[Post], **kwargs: Any) -> Any:
        record_export(request, "任职", queryset.count())
        return super().get_export_data(file_format, request, queryset, **kwargs)

    def _own_account(self, request: HttpRequest, object_id: str) -> Post:
        """For those who answer for all posts of that person, not their own."""
        post = get_object_or_404(self.get_queryset(request), pk=object_id)
        theirs = Post.objects.filter(Q(until_at=None) | Q(until_at__gt=timezone.now()), person=post.person)
        if post.person == request.user or not all(may(request.user, "accounts", each.grid) for each in [post, *theirs]):
            raise PermissionDenied
        return post

    @action(description="重置密码")
    @opens_to(area("accounts", _own_account))
    def reset_password(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._on_account(
            request,
            self._own_account(request, object_id),
            "重置密码",
            "本人用短信验证码登录，再设新密码。",
            passwords.reset,
        )

    @action(description="重设动态码")
    @opens_to(area("accounts", _own_account))
    def reset_second_factor(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._on_account(
            request,
            self._own_account(request, object_id),
            "重设动态码",
            "本人下次登录时重新扫码设置。请先当面或电话核实是本人。",
            second_factor.forget,
        )

    def _on_account(
        self, request: HttpRequest, post: Post, title: str, explain: str, act: Callable[..., None]
    ) -> HttpResponse:
        """Something with the account behind a post."""
        if request.method == "POST":
            act(person=post.person, by=request.user, at=timezone.now())
            self.message_user(request, f"{post.person.name}：{title}已完成。{explain}")
            return redirect("admin:grids_post_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}：{post.words}",
            "form": forms.Form(),
            "explain": explain,
        }
        return render(request, "admin/grids/act_on_account.html", context)

    def _own(self, request: HttpRequest, object_id: str) -> Post:
        post = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not may(request.user, "appoint", post.grid):
            raise PermissionDenied
        return post

    @action(description="结束任职")
    @opens_to(area("appoint", _own))
    def end_post(self, request: PersonRequest, object_id: str) -> HttpResponse:
        post = self._own(request, object_id)
        form = forms.Form(posted(request))
        if request.method == "POST":
            try:
                services.vacate(post=post, at=timezone.now(), by=request.user)
            except ValidationError as refusal:
                form.full_clean()
                form.add_error(None, ValidationError(refusal.messages))
            else:
                self.message_user(request, f"{post.words}已离任，手上的事已转给接任者或上一级。")
                return redirect("admin:grids_post_changelist")
        context = {**self.admin_site.each_context(request), "title": f"结束任职：{post.words}", "form": form}
        return render(request, "admin/_act_page.html", context)
