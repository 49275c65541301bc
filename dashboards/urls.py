from django.urls import path

from dashboards import views
from dashboards.assessment_urls import urlpatterns as assessment

app_name = "dashboards"
urlpatterns = [
    path("figures/", views.mine, name="mine"),
    path("figures/county/", views.board, name="board-county"),
    path("figures/county/<str:measure>/", views.behind, name="behind-county"),
    path("cockpit/", views.cockpit, name="cockpit-county"),
    path("cockpit/<int:node_id>/", views.cockpit, name="cockpit"),
    path("net/", views.net_page, name="net"),
    path("net/<slug:code>/", views.net_behind, name="net-behind"),
    path("figures/<int:node_id>/", views.board, name="board"),
    path("figures/<int:node_id>/<str:measure>/", views.behind, name="behind"),
    *assessment,
]
