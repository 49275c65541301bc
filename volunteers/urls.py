from django.urls import path

from volunteers import desk

app_name = "volunteers"
urlpatterns = [
    path("volunteers/roster/", desk.roster, name="roster"),
]
