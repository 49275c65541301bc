from django.urls import path

from dashboards.mediation import views

urlpatterns = [
    path("disputes/figures/", views.overview, name="mediation"),
    path("disputes/figures/<str:measure>/", views.behind, name="mediation-behind"),
]
