from django.urls import path

from dashboards import views
from dashboards.assessment_urls import urlpatterns as assessment

app_name = "dashboards"
urlpatterns = [
    path("figures/", views.mine, name="mine"),
    path("figures/county/", views.board, name="board-county"),
    path("figures/county/<str:measure>/", views.behind, name="behind-county"),
    path("figures/<int:node_id>/", views.board, name="board"),
    path("figures/<int:node_id>/<str:measure>/", views.behind, name="behind"),
    *assessment,
]
