from django.urls import path

from dashboards.volunteering import views

urlpatterns = [
    path("volunteers/figures/", views.overview, name="volunteering"),
    path("volunteers/figures/people/", views.people, name="volunteering-people"),
    path("volunteers/figures/units/<int:unit_id>/", views.unit, name="volunteering-unit"),
    path("volunteers/figures/teams/<int:team_id>/", views.team, name="volunteering-team"),
    path("volunteers/figures/<str:measure>/", views.behind, name="volunteering-behind"),
]
