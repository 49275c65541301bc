from django.urls import path

from cases import views
from papers import views as paper_pages

app_name = "cases"
urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/export/", views.export, name="export"),
    path("cases/<number:number>/", views.case_page, name="case"),
    path("cases/<number:number>/asker-phone/", views.asker_phone, name="asker-phone"),
    path("cases/<number:number>/photos/<slug:token>/", views.photo, name="photo"),
    path(
        "cases/<number:number>/photos/<slug:token>/thumbnail/",
        views.photo,
        {"is_thumbnail": True},
        name="photo-thumbnail",
    ),
    path("cases/<number:number>/<slug:verb>/", views.case_act, name="act"),
    path("papers/verify/", paper_pages.verify, name="paper-verify"),
    path("t/<number:number>/<str:signature>/", views.track, name="track"),
]
