from django.urls import path

from volunteers.desk import orders as desk_orders
from volunteers.desk import people as desk_people
from volunteers.views import ledger, me, teams

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
    path("volunteers/ledger/", ledger.ledger, name="ledger"),
    path("volunteers/published/", ledger.published, name="published"),
    path("volunteers/certificates/issue/", ledger.issue, name="certificate-issue"),
    path("volunteers/certificates/<str:code>/", ledger.certificate, name="certificate"),
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
    path("volunteers/roster/", desk_people.roster, name="roster"),
]
