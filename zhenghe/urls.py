"""Mounts the rooms."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from zhenghe import health, home

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("large-print/", home.large_print, name="large-print"),
    # One way to sign in: the admin's own form asks for a user name, which nobody here has.
    path("admin/login/", RedirectView.as_view(pattern_name="accounts:sign-in-password", query_string=True)),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("notices/", include("notices.urls")),
    path("", include("residents.urls")),
    path("", include("cases.urls")),
]
