from django.urls import path

from grids import views
from grids.desk import views as desk

app_name = "grids"
urlpatterns = [
    path("my-grid/", views.my_grid, name="my-grid"),
    path("duty/<slug:token>.ics", views.duty_calendar, name="duty-calendar"),
    path("grids/", desk.desk, name="desk"),
    path("grids/gaps/", desk.gap_list, name="gaps"),
    path("grids/staffing/", desk.staffing_list, name="staffing"),
    path("grids/staffing/<int:grid_id>/", desk.roster, name="roster"),
    path("grids/staffing/<int:grid_id>/end/<int:post_id>/", desk.roster_end, name="roster-end"),
    path("grids/duty/<int:grid_id>/", desk.duty_page, name="duty"),
    path("grids/duty/<int:grid_id>/feed/", desk.duty_feed, name="duty-feed"),
    path("grids/duty/<int:grid_id>/shifts/<int:shift_id>/call-off/", desk.shift_call_off, name="shift-call-off"),
    path("grids/safety/", desk.safety_page, name="safety"),
    path("grids/safety/<int:notice_id>/withdraw/", desk.safety_withdraw, name="safety-withdraw"),
]
