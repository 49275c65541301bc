from django.urls import path

from disputes import desk, paper_pages, views

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
    path("disputes/<number:number>/parties/<int:party_id>/", paper_pages.party, name="party"),
    path("disputes/<number:number>/sign/", paper_pages.sign, name="sign"),
    path("disputes/<number:number>/papers/", paper_pages.papers, name="papers"),
    path("disputes/<number:number>/papers/<slug:code>/issue/", paper_pages.issue, name="paper-issue"),
    path("disputes/<number:number>/papers/<slug:code>/pdf/", paper_pages.paper, {"form": "pdf"}, name="paper-pdf"),
    path("disputes/<number:number>/papers/<slug:code>/docx/", paper_pages.paper, {"form": "docx"}, name="paper-docx"),
    path("disputes/<number:number>/issued/<slug:serial>/", paper_pages.issued, name="paper-issued"),
    path("disputes/<number:number>/file/", paper_pages.whole_file, name="file"),
    path("disputes/<number:number>/exhibits/<str:token>/", paper_pages.exhibit, name="exhibit"),
    path("papers/verify/", paper_pages.verify, name="paper-verify"),
]
