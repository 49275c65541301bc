from django.urls import path

from dashboards.centres import views

urlpatterns = [
    path("centres/figures/", views.overview, name="centres"),
    path("centres/figures/<str:measure>/", views.behind, name="centres-behind"),
    path("centres/<int:place_id>/figures/open/", views.opened, name="centre-opened"),
]
