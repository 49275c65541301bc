from django.urls import path

from meetings.activities import desk as desk_activities
from meetings.activities import views as activities
from meetings.centres import circle_desk as desk_circle
from meetings.centres import desk as desk_centres
from meetings.centres import rooms_views as rooms
from meetings.centres import views as centres
from meetings.conferences import desk as desk_conferences
from meetings.conferences import proceedings_desk as proceedings
from meetings.conferences import views as conferences
from meetings.covenants import views as covenants
from meetings.homes import desk as desk_homes
from meetings.tea_talks import desk as tea_talks
from meetings.topics import desk as desk_topics
from meetings.topics import views as topics
from meetings.topics import votes_desk as desk_votes
from meetings.topics import votes_views as votes

app_name = "meetings"
urlpatterns = [
    path("centres/", centres.near, name="centres"),
    path("centres/map.json", centres.map_points, name="map"),
    path("centres/circle/", desk_circle.circle, name="circle"),
    path("centres/circle/left-out/", desk_circle.left_out, name="circle-left-out"),
    path("centres/circle/map.json", desk_circle.circle_points, name="circle-map"),
    path("centres/<int:place_id>/", centres.centre, name="centre"),
    path("centres/<int:place_id>/photos/<int:photo_id>/", centres.photo, name="centre-photo"),
    path("centres/<int:place_id>/desk/", desk_centres.desk, name="centre-desk"),
    path("centres/<int:place_id>/photos/<int:photo_id>/drop/", desk_centres.drop_photo, name="centre-photo-drop"),
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
    path("conferences/", desk_conferences.overview, name="conferences"),
    path("conferences/new/", desk_conferences.make, name="conference-new"),
    path("conferences/invitations/", conferences.mine, name="invitations"),
    path("conferences/<uuid:key>/", conferences.conference, name="conference"),
    path("conferences/<uuid:key>/calendar.ics", conferences.entry, name="conference-calendar"),
    path("conferences/<uuid:key>/desk/", desk_conferences.desk, name="conference-desk"),
    path("conferences/<uuid:key>/invite/", desk_conferences.invite, name="conference-invite"),
    path(
        "conferences/<uuid:key>/invitations/<int:invitation_id>/",
        desk_conferences.invitation,
        name="conference-invitation",
    ),
    path("conferences/<uuid:key>/call-off/", desk_conferences.call_off, name="conference-call-off"),
    path("conferences/<uuid:key>/attendance/", proceedings.attendance, name="conference-attendance"),
    path("conferences/<uuid:key>/resolve/", proceedings.resolve, name="conference-resolve"),
    path("conferences/<uuid:key>/reviews/<int:resolution_id>/", proceedings.review, name="conference-review"),
    path("conferences/<uuid:key>/close/", proceedings.close, name="conference-close"),
    path("conferences/<uuid:key>/minutes/", proceedings.minutes, name="conference-minutes"),
    path("tea-talks/", tea_talks.overview, name="tea-talks"),
    path("tea-talks/new/", tea_talks.record, name="tea-talk-new"),
    path("tea-talks/<uuid:key>/", tea_talks.talk, name="tea-talk"),
    path("topics/", topics.topic_list, name="topics"),
    path("topics/new/", topics.propose, name="topic-new"),
    path("topics/<number:number>/", topics.topic, name="topic"),
    path("topics/<number:number>/cosign/", topics.cosign, name="topic-cosign"),
    path("topics/<number:number>/comment/", topics.comment, name="topic-comment"),
    path("topics/<number:number>/vote/new/", desk_votes.announce, name="vote-new"),
    path("topics/<number:number>/vote/change/", desk_votes.change_vote, name="vote-change"),
    path("topics/<number:number>/vote/open/", desk_votes.open_urn, name="vote-open"),
    path("topics/<number:number>/draft/", desk_topics.draft, name="draft"),
    path("votes/<uuid:key>/", votes.vote, name="vote"),
    path("votes/<uuid:key>/cast/<int:voter_id>/", votes.cast, name="vote-cast"),
    path("votes/<uuid:key>/authorise/<int:voter_id>/", votes.authorise, name="vote-authorise"),
    path("votes/<uuid:key>/take-back/<int:voter_id>/", votes.take_back, name="vote-take-back"),
    path("votes/<uuid:key>/check/", votes.check, name="vote-check"),
    path("votes/<uuid:key>/desk/", desk_votes.vote_desk, name="vote-desk"),
    path("covenants/", covenants.covenant_list, name="covenants"),
    path("covenants/<uuid:key>/", covenants.covenant, name="covenant"),
    path("covenants/<uuid:key>/<int:number>/poster.pdf", covenants.poster, name="covenant-poster"),
    path("homes/", desk_homes.take_in, name="homes-import"),
    path("homes/<int:estate_id>/", desk_homes.register, name="homes"),
    path("homes/tenures/<int:tenure_id>/end/", desk_homes.end, name="tenure-end"),
]
