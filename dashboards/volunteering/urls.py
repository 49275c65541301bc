from django.urls import path

from dashboards.volunteering import views

urlpatterns = [
    path("volunteers/figures/", views.overview, name="volunteering"),
    path("volunteers/figures/units/<int:unit_id>/", views.unit, name="volunteering-unit"),
    path("volunteers/figures/teams/<int:team_id>/", views.team, name="volunteering-team"),
    path("volunteers/figures/units/<int:unit_id>/people/", views.unit_people, name="volunteering-unit-people"),
    path("volunteers/figures/teams/<int:team_id>/people/", views.team_people, name="volunteering-team-people"),
    path("volunteers/figures/<str:measure>/", views.behind, name="volunteering-behind"),
]
