from django.urls import path

from dashboards.sheets import desk

urlpatterns = [
    path("sheets/", desk.listed, name="sheets"),
    path("sheets/mine/", desk.mine, name="sheet-mine"),
    path("sheets/<int:person_id>/", desk.sheet, name="sheet"),
    path("sheets/<int:person_id>/sheet.pdf", desk.paper, name="sheet-paper"),
    path("sheets/<int:person_id>/<str:code>/", desk.behind, name="sheet-behind"),
    path("units/", desk.units, name="units"),
    path("units/<int:unit_id>/card/", desk.unit, name="unit-card"),
    path("units/<int:unit_id>/card/<str:code>/", desk.unit_behind, name="unit-card-behind"),
]
