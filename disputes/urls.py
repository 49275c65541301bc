from django.urls import path

from disputes import desk, views

app_name = "disputes"
urlpatterns = [
    path("disputes/new/", views.apply, name="apply"),
    path("disputes/register/", desk.register, name="register"),
    path("disputes/from/<number:number>/", desk.convert, name="convert"),
    path("disputes/<number:number>/talk/", views.talk, name="talk"),
    path("disputes/<number:number>/parties/", desk.add_party, name="party-add"),
    path("disputes/<number:number>/plan-session/", desk.plan_session, name="session-plan"),
    path("disputes/<number:number>/record-session/", desk.record_session, name="session-record"),
    path("disputes/<number:number>/agreement/", desk.draft_agreement, name="agreement-draft"),
    path("disputes/<number:number>/pull-up/", desk.pull_up, name="pull-up"),
]
