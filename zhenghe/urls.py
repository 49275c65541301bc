"""Mounts the rooms."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from accounts.entry import PUBLIC, opens_to
from cases.api import acts
from cases.api.views import CaseViewSet
from disputes.views import acts as dispute_acts
from grids.buildings.api import MyGrid
from meetings.topics import app as topic_acts
from notices import api as notices
from operations import views as operations
from residents.api import PlaceList, RequestList
from volunteers.views import app as volunteers
from zhenghe import home
from zhenghe.api_schema import SchemaPage, SchemaView
from zhenghe.installable import views as installable

everybody = opens_to(PUBLIC)
acts.register("dispute", dispute_acts.ACTS)
acts.register("topic", topic_acts.ACTS)
acts.register("service", volunteers.ACTS)
api = SimpleRouter()
api.register("cases", CaseViewSet, basename="case")
api_urls = [
    path("", include("accounts.api.urls")),
    path("notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/choices/", notices.ChoicesView.as_view(), name="notice-choices"),
    path("subscriptions/", notices.SubscriptionList.as_view(), name="subscription-list"),
    path("my-grid/", MyGrid.as_view(), name="my-grid"),
    path("services/", volunteers.OrderList.as_view(), name="service-list"),
    path("services/<number:number>/", volunteers.OneOrder.as_view(), name="service"),
    path("services/<number:number>/answer/", volunteers.Answer.as_view(), name="service-answer"),
    path("services/<number:number>/check-in/", volunteers.CheckIn.as_view(), name="service-check-in"),
    path("services/<number:number>/check-out/", volunteers.CheckOut.as_view(), name="service-check-out"),
    path("calls/", volunteers.CallList.as_view(), name="call-list"),
    path("calls/<uuid:key>/answer/", volunteers.CallAnswer.as_view(), name="call-answer"),
    path("places/", PlaceList.as_view(), name="place-list"),
    path("requests/", RequestList.as_view(), name="request-list"),
    *api.urls,
]

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
    path("api/v1/", include((api_urls, "api"))),
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
