from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.notice_list, name="list"),
    path("notices/choices/", views.choices, name="choices"),
    path("notices/sms-reports/<str:key>/", views.sms_report, name="sms-report"),
]
