from django.urls import path

from disputes.experts import hours as own_hours
from disputes.experts import views as expert_views
from disputes.views import desk
from disputes.views import papers as paper_pages
from disputes.views import residents as views

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
    path("experts/hours/", own_hours.hours, name="expert-hours"),
    path("experts/hours/<int:slot_id>/withdraw/", own_hours.withdraw, name="expert-hours-withdraw"),
    path("experts/<int:expert_id>/", expert_views.expert, name="expert"),
    path("experts/<int:expert_id>/photo/", expert_views.expert_photo, name="expert-photo"),
    path("consultations/<number:number>/", expert_views.thread, name="consultation-thread"),
    path("consultations/<number:number>/mediation/", expert_views.refer, name="consultation-refer"),
    path("consultations/<number:number>/files/<slug:token>/", expert_views.thread_file, name="consultation-file"),
    path(
        "consultations/<number:number>/files/<slug:token>/thumbnail/",
        expert_views.thread_file,
        {"is_thumbnail": True},
        name="consultation-thumbnail",
    ),
    path("disputes/<number:number>/parties/<int:party_id>/", paper_pages.party, name="party"),
    path("disputes/<number:number>/sign/", paper_pages.sign, name="sign"),
    path("disputes/<number:number>/papers/", paper_pages.papers, name="papers"),
    path("disputes/<number:number>/papers/<slug:code>/issue/", paper_pages.issue, name="paper-issue"),
    path("disputes/<number:number>/papers/<slug:code>/pdf/", paper_pages.paper, {"form": "pdf"}, name="paper-pdf"),
    path("disputes/<number:number>/papers/<slug:code>/docx/", paper_pages.paper, {"form": "docx"}, name="paper-docx"),
    path("disputes/<number:number>/issued/<slug:serial>/", paper_pages.issued, name="paper-issued"),
    path("disputes/<number:number>/file/", paper_pages.whole_file, name="file"),
    path("disputes/<number:number>/exhibits/<slug:token>/", paper_pages.exhibit, name="exhibit"),
]
