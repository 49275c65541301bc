"""Mounts the rooms."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.entry import PUBLIC, opens_to
from operations import views as operations
from zhenghe import addresses, home
from zhenghe.api_schema import SchemaPage, SchemaView
from zhenghe.installable import views as installable

everybody = opens_to(PUBLIC)

handler400, handler403 = "zhenghe.api.bad_request", "zhenghe.api.permission_denied"
handler404, handler500 = "zhenghe.api.page_not_found", "zhenghe.api.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("manifest.webmanifest", installable.manifest, name="manifest"),
    path("service-worker.js", installable.service_worker, name="service-worker"),
    path("offline/", installable.offline, name="offline"),
    path("large-print/", home.large_print, name="large-print"),
    path("api/v1/", include((addresses.urlpatterns, "api"))),
    path("api/schema/", SchemaView.as_view(), name="api-schema"),
    path("api/", SchemaPage.as_view(url_name="api-schema"), name="api-docs"),
    # One way to sign in: the admin's own form asks for a user name, which nobody here has.
    path("admin/login/", everybody(RedirectView.as_view(pattern_name="accounts:sign-in-password", query_string=True))),
    # Its own page knows neither our rules of passwords nor the audit trail.
    path("admin/password_change/", everybody(RedirectView.as_view(pattern_name="accounts:password"))),
    path("admin/", admin.site.urls),
    # Of rooms above first: theirs may stand in the midst of those below.
    *(path("", include(f"{room}.urls")) for room in reversed(settings.ROOMS)),
]
