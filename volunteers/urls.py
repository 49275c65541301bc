from django.urls import path

from volunteers.desk import callouts as desk_callouts
from volunteers.desk import duty as desk_duty
from volunteers.desk import inspections as desk_inspections
from volunteers.desk import lists as desk_lists
from volunteers.desk import orders as desk_orders
from volunteers.desk import people as desk_people
from volunteers.desk import projects as desk_projects
from volunteers.desk import series as desk_series
from volunteers.views import adopters, brands, calls, certificates, doctors, inspections, ledger, me, projects, teams

app_name = "volunteers"
urlpatterns = [
    path("volunteers/me/", me.me, name="me"),
    path("volunteers/register/", me.register, name="register"),
    path("volunteers/leave/", me.leave, name="leave"),
    path("volunteers/orders/new/", desk_orders.new, name="order-new"),
    path("volunteers/orders/<number:number>/", me.order, name="order"),
    path("volunteers/orders/<number:number>/offer/", desk_orders.offer, name="offer"),
    path("volunteers/orders/<number:number>/accept/", me.accept, name="accept"),
    path("volunteers/orders/<number:number>/decline/", me.decline, name="decline"),
    path("volunteers/orders/<number:number>/check-in/", me.check_in, name="check-in"),
    path("volunteers/orders/<number:number>/check-out/", me.check_out, name="check-out"),
    path("volunteers/orders/<number:number>/nominate/<int:person_id>/", me.nominate, name="nominate"),
    path("volunteers/series/", desk_series.running, name="series"),
    path("volunteers/series/new/", desk_series.new, name="series-new"),
    path("volunteers/series/<int:series_id>/helpers/", desk_series.helpers, name="series-helpers"),
    path("volunteers/series/<int:series_id>/end/", desk_series.end, name="series-end"),
    path("volunteers/ledger/", ledger.ledger, name="ledger"),
    path("volunteers/published/", ledger.published, name="published"),
    path("volunteers/certificates/issue/", certificates.issue, name="certificate-issue"),
    path("volunteers/certificates/<slug:code>/", certificates.certificate, name="certificate"),
    path("volunteers/ranking/", ledger.ranking, name="ranking"),
    path("volunteers/rules/", ledger.rules, name="rules"),
    path("volunteers/rewards/", ledger.rewards, name="rewards"),
    path("volunteers/rewards/<int:reward_id>/redeem/", ledger.redeem, name="redeem"),
    path("volunteers/redemptions/<int:redemption_id>/give-back/", ledger.give_back, name="give-back"),
    path("volunteers/teams/", teams.team_list, name="teams"),
    path("volunteers/teams/<int:team_id>/join/", teams.join, name="team-join"),
    path("volunteers/teams/<int:team_id>/leave/", teams.leave, name="team-leave"),
    path("volunteers/duty/", teams.report, name="duty"),
    path("volunteers/duty/end/", teams.end_report, name="duty-end"),
    path("volunteers/duty/approve/", teams.approve, name="duty-approve"),
    path("volunteers/duty/<int:report_id>/refuse/", teams.refuse, name="duty-refuse"),
    path("volunteers/duty/book/", desk_duty.book, name="duty-book"),
    path("volunteers/duty/<int:report_id>/note/", desk_duty.note, name="duty-note"),
    path("volunteers/lists/", desk_lists.overview, name="lists"),
    path("volunteers/lists/<slug:which>.xlsx", desk_lists.export, name="list-export"),
    path("volunteers/needs/new/", desk_lists.note_need, name="need-new"),
    path("volunteers/needs/from/<number:number>/", desk_lists.convert, name="need-convert"),
    path("volunteers/needs/<uuid:key>/", desk_lists.need, name="need"),
    path("volunteers/needs/<uuid:key>/end/", desk_lists.end_need, name="need-end"),
    path("volunteers/needs/<uuid:key>/adopt/", desk_lists.adopt, name="need-adopt"),
    path("volunteers/needs/<uuid:key>/word/", adopters.word, name="need-word"),
    path("volunteers/projects/new/", desk_inspections.start, name="project-new"),
    path("volunteers/projects/<uuid:key>/inspection/", desk_inspections.inspection, name="inspection"),
    path("volunteers/projects/<uuid:key>/", desk_projects.project, name="project-desk"),
    path("volunteers/projects/<uuid:key>/adopter/", adopters.project, name="project-adopter"),
    path("volunteers/projects/<uuid:key>/publish/", desk_projects.publish, name="project-publish"),
    path("volunteers/projects/<uuid:key>/reach/<int:milestone_id>/", desk_projects.reach, name="milestone-reach"),
    path("callouts/", desk_callouts.plans, name="plans"),
    path("callouts/plans/<int:plan_id>/call/", desk_callouts.call, name="call-out"),
    path("callouts/<uuid:key>/", desk_callouts.board, name="board"),
    path("callouts/<uuid:key>/end/", desk_callouts.end, name="call-out-end"),
    path("callouts/<uuid:key>/mine/", calls.my_call, name="my-call"),
    path("callouts/<uuid:key>/teams/<int:team_id>/", calls.team_calls, name="call-team"),
    path("c/<str:token>/", calls.call, name="call"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<uuid:key>/", projects.project, name="project"),
    path("projects/<uuid:key>/inspect/", inspections.inspect, name="project-inspect"),
    path("projects/<uuid:key>/photos/<int:photo_id>/", projects.photo, name="project-photo"),
    path("brands/", brands.brand_list, name="brands"),
    path("brands/<int:brand_id>/", brands.brand, name="brand"),
    path("volunteers/doctor/", doctors.mine, name="doctor"),
    path("volunteers/doctor/for/", doctors.ask_for, name="doctor-for"),
    path("volunteers/doctor/<uuid:key>/", doctors.signing, name="doctor-signing"),
    path("volunteers/roster/", desk_people.roster, name="roster"),
]
