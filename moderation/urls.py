from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("clearances/", views.queue, name="queue"),
    path("clearances/<uuid:key>/", views.clearance, name="clearance"),
]
