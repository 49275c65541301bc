from django.urls import path

from disputes import desk, expert_views, views

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
    path("experts/", expert_views.expert_list, name="expert-list"),
    path("experts/<int:expert_id>/", expert_views.expert, name="expert"),
    path("experts/<int:expert_id>/photo/", expert_views.expert_photo, name="expert-photo"),
    path("consultations/<number:number>/", expert_views.thread, name="consultation-thread"),
    path("consultations/<number:number>/mediation/", expert_views.refer, name="consultation-refer"),
    path("consultations/<number:number>/files/<str:token>/", expert_views.thread_file, name="consultation-file"),
    path(
        "consultations/<number:number>/files/<str:token>/thumbnail/",
        expert_views.thread_file,
        {"is_thumbnail": True},
        name="consultation-thumbnail",
    ),
]
