from django.urls import path

from imports import views

app_name = "imports"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("new/<slug:kind>/", views.new, name="new"),
    path("new/<slug:kind>/sample.xlsx", views.sample_table, name="sample"),
    path("<int:import_id>/", views.one, name="one"),
    path("<int:import_id>/confirm/", views.confirm, name="confirm"),
    path("<int:import_id>/take-back/", views.take_back, name="take-back"),
    path("<int:import_id>/rejects.csv", views.rejects, name="rejects"),
]
