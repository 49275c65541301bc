from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("imports/", views.mine, name="mine"),
    path("imports/new/<slug:kind>/", views.new, name="new"),
    path("imports/new/<slug:kind>/sample.xlsx", views.sample_table, name="sample"),
    path("imports/<int:import_id>/", views.one, name="one"),
    path("imports/<int:import_id>/confirm/", views.confirm, name="confirm"),
    path("imports/<int:import_id>/take-back/", views.take_back, name="take-back"),
    path("imports/<int:import_id>/rejects.csv", views.rejects, name="rejects"),
]
