from django.urls import path

from residents import views
from residents.desk import sorting_views as sorting_page
from residents.desk import views as desk

app_name = "residents"
urlpatterns = [
    path("requests/new/", views.submit_place, name="request-place"),
    path("requests/new/<uuid:key>/words/", views.submit_words, name="request-words"),
    path("requests/new/<uuid:key>/confirm/", views.submit_confirm, name="request-confirm"),
    path("requests/new/<uuid:key>/photos/<int:photo_id>/", views.draft_photo, name="draft-photo"),
    path("requests/new/<uuid:key>/photos/<int:photo_id>/drop/", views.drop_photo, name="draft-photo-drop"),
    path("requests/register/", desk.register, name="request-register"),
    path("sign-in-slips/", desk.give_slip, name="sign-in-slip"),
    path("birth-dates/", desk.correct_birth_date, name="birth-date"),
    path("requests/sorting/", sorting_page.sorting, name="sorting"),
    path("requests/import/", desk.import_file, name="request-file"),
    path("requests/<number:number>/done/", views.submit_done, name="request-done"),
]
