"""Mounts the rooms."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from rest_framework.routers import SimpleRouter

from accounts.entry import PUBLIC, opens_to
from cases.api import acts
from cases.api.views import AskerPhone, CaseViewSet, CategoryList
from dashboards.figures import api as figures
from dashboards.open_data import api as open_data
from disputes.experts import api as experts
from disputes.views import acts as dispute_acts
from disputes.views import api as disputes
from grids.buildings.api import MyGrid
from meetings.activities import api as activities
from meetings.centres import api as centres
from meetings.conferences import api as conferences
from meetings.tea_talks import api as tea_talks
from meetings.topics import api as topics
from meetings.topics import app as topic_acts
from notices import api as notices
from operations import views as operations
from residents.api import PlaceList, RequestList
from volunteers.views.api import groups, lists, orders, projects
from volunteers.views.api import me as volunteer
from zhenghe import home
from zhenghe.api_schema import SchemaPage, SchemaView
from zhenghe.installable import views as installable

everybody = opens_to(PUBLIC)
acts.register("consultation", experts.ACTS)
acts.register("dispute", dispute_acts.ACTS)
acts.register("topic", topic_acts.ACTS)
acts.register("service", orders.ACTS)
api = SimpleRouter()
api.register("cases", CaseViewSet, basename="case")
api_urls = [
    path("", include("accounts.api.urls")),
    path("notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/choices/", notices.ChoicesView.as_view(), name="notice-choices"),
    path("subscriptions/", notices.SubscriptionList.as_view(), name="subscription-list"),
    path("my-grid/", MyGrid.as_view(), name="my-grid"),
    path("services/", orders.OrderList.as_view(), name="service-list"),
    path("services/<number:number>/", orders.OneOrder.as_view(), name="service"),
    path("services/<number:number>/answer/", orders.Answer.as_view(), name="service-answer"),
    path("services/<number:number>/check-in/", orders.CheckIn.as_view(), name="service-check-in"),
    path("services/<number:number>/check-out/", orders.CheckOut.as_view(), name="service-check-out"),
    path("calls/", orders.CallList.as_view(), name="call-list"),
    path("calls/<uuid:key>/answer/", orders.CallAnswer.as_view(), name="call-answer"),
    path("categories/", CategoryList.as_view(), name="category-list"),
    path("places/", PlaceList.as_view(), name="place-list"),
    path("requests/", RequestList.as_view(), name="request-list"),
    path("cases/<number:number>/asker-phone/", AskerPhone.as_view(), name="case-asker-phone"),
    path("disputes/", disputes.Apply.as_view(), name="dispute-apply"),
    path("disputes/register/", disputes.Register.as_view(), name="dispute-register"),
    path("disputes/from/<number:number>/", disputes.Convert.as_view(), name="dispute-convert"),
    path("disputes/<number:number>/talk/", disputes.Talk.as_view(), name="dispute-talk"),
    path("expert-fields/", experts.FieldList.as_view(), name="expert-field-list"),
    path("experts/", experts.ExpertList.as_view(), name="expert-list"),
    path("experts/hours/", experts.OwnHours.as_view(), name="expert-hours"),
    path("experts/hours/<int:slot_id>/withdraw/", experts.HoursWithdraw.as_view(), name="expert-hours-withdraw"),
    path("experts/<int:expert_id>/", experts.OneExpert.as_view(), name="expert"),
    path("experts/<int:expert_id>/book/", experts.Book.as_view(), name="expert-book"),
    path("experts/<int:expert_id>/photo/", experts.ExpertPhoto.as_view(), name="expert-photo"),
    path("consultations/<number:number>/", experts.Consultation.as_view(), name="consultation"),
    path("consultations/<number:number>/messages/", experts.MessageList.as_view(), name="consultation-say"),
    path(
        "consultations/<number:number>/files/<slug:token>/",
        experts.ConsultationFile.as_view(),
        name="consultation-file",
    ),
    path(
        "consultations/<number:number>/files/<slug:token>/thumbnail/",
        experts.ConsultationThumbnail.as_view(),
        name="consultation-thumbnail",
    ),
    path("topics/", topics.TopicList.as_view(), name="topic-list"),
    path("topics/<number:number>/", topics.OneTopic.as_view(), name="topic"),
    path("topics/<number:number>/cosign/", topics.CosignTopic.as_view(), name="topic-cosign"),
    path("topics/<number:number>/comment/", topics.CommentOnTopic.as_view(), name="topic-comment"),
    path("votes/", topics.VoteList.as_view(), name="vote-list"),
    path("votes/<uuid:key>/", topics.OneVote.as_view(), name="vote"),
    path("votes/<uuid:key>/cast/<int:voter_id>/", topics.CastVote.as_view(), name="vote-cast"),
    path("votes/<uuid:key>/authorise/<int:voter_id>/", topics.AuthoriseVote.as_view(), name="vote-authorise"),
    path("votes/<uuid:key>/take-back/<int:voter_id>/", topics.TakeVoteBack.as_view(), name="vote-take-back"),
    path("votes/<uuid:key>/check/", topics.CheckReceipt.as_view(), name="vote-check"),
    path("activities/", activities.ActivityList.as_view(), name="activity-list"),
    path("activities/<uuid:key>/", activities.OneActivity.as_view(), name="activity"),
    path("activities/<uuid:key>/sign-up/", activities.SignUpForActivity.as_view(), name="activity-sign-up"),
    path("activities/<uuid:key>/leave/", activities.LeaveActivity.as_view(), name="activity-leave"),
    path("activities/<uuid:key>/check-in/", activities.CheckInAtActivity.as_view(), name="activity-check-in"),
    path("tea-talks/", tea_talks.TeaTalkList.as_view(), name="tea-talk-list"),
    path("tea-talks/<uuid:key>/", tea_talks.OneTeaTalk.as_view(), name="tea-talk"),
    path("invitations/", conferences.InvitationList.as_view(), name="invitation-list"),
    path("conferences/<uuid:key>/", conferences.OneConference.as_view(), name="conference"),
    path("conferences/<uuid:key>/answer/", conferences.AnswerInvitation.as_view(), name="conference-answer"),
    path("centres/", centres.CentreList.as_view(), name="centre-list"),
    path("centres/<int:place_id>/", centres.OneCentre.as_view(), name="centre"),
    path("rooms/<int:room_id>/bookings/", centres.RoomTimes.as_view(), name="room-bookings"),
    path("bookings/", centres.BookingList.as_view(), name="booking-list"),
    path("bookings/<uuid:key>/cancel/", centres.CancelBooking.as_view(), name="booking-cancel"),
    path("services/<number:number>/nominate/<int:person_id>/", orders.Nominate.as_view(), name="service-nominate"),
    path("volunteer/", volunteer.Me.as_view(), name="volunteer"),
    path("volunteer/leave/", volunteer.Leave.as_view(), name="volunteer-leave"),
    path("hours/", volunteer.HoursList.as_view(), name="hours-list"),
    path("points/", volunteer.PointsList.as_view(), name="points-list"),
    path("rewards/", volunteer.RewardList.as_view(), name="reward-list"),
    path("rewards/<int:reward_id>/redeem/", volunteer.Redeem.as_view(), name="reward-redeem"),
    path("redemptions/", volunteer.RedemptionList.as_view(), name="redemption-list"),
    path("redemptions/<int:redemption_id>/give-back/", volunteer.GiveBack.as_view(), name="redemption-give-back"),
    path("certificates/", volunteer.CertificateList.as_view(), name="certificate-list"),
    path("certificates/<slug:code>/", volunteer.CertificateFile.as_view(), name="certificate"),
    path("teams/", groups.TeamList.as_view(), name="team-list"),
    path("teams/<int:team_id>/join/", groups.JoinTeam.as_view(), name="team-join"),
    path("teams/<int:team_id>/leave/", groups.LeaveTeam.as_view(), name="team-leave"),
    path("duty/", groups.OwnDuty.as_view(), name="duty"),
    path("duty/end/", groups.EndDuty.as_view(), name="duty-end"),
    path("duty/waiting/", groups.DutyWaiting.as_view(), name="duty-waiting"),
    path("duty/approve/", groups.ApproveDuty.as_view(), name="duty-approve"),
    path("duty/book/", groups.DutyBook.as_view(), name="duty-book"),
    path("duty/<int:report_id>/note/", groups.NoteDuty.as_view(), name="duty-note"),
    path("duty/<int:report_id>/refuse/", groups.RefuseDuty.as_view(), name="duty-refuse"),
    path("doctor/", groups.OwnDoctor.as_view(), name="doctor"),
    path("doctor/for/", groups.DoctorForSomebody.as_view(), name="doctor-for"),
    path("needs/", lists.NeedList.as_view(), name="need-list"),
    path("doctor/<uuid:key>/end/", groups.EndDoctor.as_view(), name="doctor-end"),
    path("needs/from/<number:number>/", lists.NeedFromCase.as_view(), name="need-convert"),
    path("needs/<uuid:key>/", lists.OneNeed.as_view(), name="need"),
    path("needs/<uuid:key>/word/", lists.WordOnNeed.as_view(), name="need-word"),
    path("resources/", lists.ResourceList.as_view(), name="resource-list"),
    path("projects/", lists.ProjectList.as_view(), name="project-list"),
    path("projects/area/", lists.AreaProjectList.as_view(), name="project-area-list"),
    path("projects/<uuid:key>/", projects.OneProject.as_view(), name="project"),
    path("projects/<uuid:key>/inspect/", projects.Inspect.as_view(), name="project-inspect"),
    path("projects/<uuid:key>/adopter/", projects.Adopted.as_view(), name="project-adopter"),
    path("projects/<uuid:key>/answer/", projects.AnswerProject.as_view(), name="project-answer"),
    path("projects/<uuid:key>/photos/", projects.AddPhotos.as_view(), name="project-photos"),
    path("projects/<uuid:key>/finish/", projects.FinishProject.as_view(), name="project-finish"),
    path("figures/", figures.NodeList.as_view(), name="figures-nodes"),
    path("figures/county/", figures.CountyBoard.as_view(), name="figures-county"),
    path("figures/<int:node_id>/", figures.BoardView.as_view(), name="figures"),
    path("net/", figures.Net.as_view(), name="net"),
    path("open-data/", open_data.DatasetList.as_view(), name="open-data"),
    path("open-data/<slug:dataset>/", open_data.OneDataset.as_view(), name="open-data-set"),
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
