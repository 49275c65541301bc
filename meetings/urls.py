from django.urls import path

from meetings.desk import activities as desk_activities
from meetings.desk import centres as desk_centres
from meetings.desk import figures as desk_figures
from meetings.views import activities, centres, rooms

app_name = "meetings"
urlpatterns = [
    path("centres/", centres.near, name="centres"),
    path("centres/map.json", centres.map_points, name="map"),
    path("centres/figures/", desk_figures.overview, name="figures"),
    path("centres/circle/", desk_figures.circle, name="circle"),
    path("centres/circle/left-out/", desk_figures.left_out, name="circle-left-out"),
    path("centres/circle/map.json", desk_figures.circle_points, name="circle-map"),
    path("centres/<int:place_id>/", centres.centre, name="centre"),
    path("centres/<int:place_id>/photos/<int:photo_id>/", centres.photo, name="centre-photo"),
    path("centres/<int:place_id>/desk/", desk_centres.desk, name="centre-desk"),
    path("centres/<int:place_id>/photos/<int:photo_id>/drop/", desk_centres.drop_photo, name="centre-photo-drop"),
    path("centres/<int:place_id>/figures/<slug:which>/", desk_figures.behind, name="figure"),
    path("here/<slug:code>/", centres.here, name="here"),
    path("rooms/<int:room_id>/book/", rooms.book, name="room-book"),
    path("bookings/", rooms.mine, name="bookings"),
    path("bookings/<uuid:key>/cancel/", rooms.cancel, name="booking-cancel"),
    path("bookings/<uuid:key>/release/", desk_centres.release, name="booking-release"),
    path("activities/", activities.activity_list, name="activities"),
    path("activities/calendar.ics", activities.feed, name="feed"),
    path("activities/new/", desk_activities.make, name="activity-new"),
    path("activities/<uuid:key>/", activities.activity, name="activity"),
    path("activities/<uuid:key>/calendar.ics", activities.entry, name="activity-calendar"),
    path("activities/<uuid:key>/sign-up/", activities.sign_up, name="sign-up"),
    path("activities/<uuid:key>/leave/", activities.leave, name="leave"),
    path("activities/<uuid:key>/check-in/", activities.check_in, name="check-in"),
    path("activities/<uuid:key>/desk/", desk_activities.desk, name="activity-desk"),
    path("activities/<uuid:key>/call-off/", desk_activities.call_off, name="activity-call-off"),
]
