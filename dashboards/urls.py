from django.urls import path

from accounts.entry import opens_to
from dashboards import views
from dashboards.assessments.urls import urlpatterns as assessment
from dashboards.centres.urls import urlpatterns as centres
from dashboards.exports import views as export_views
from dashboards.mediation.urls import urlpatterns as mediation
from dashboards.open_data import views as open_data_views
from dashboards.reports import views as report_views
from dashboards.sheets.urls import urlpatterns as sheets
from dashboards.volunteering.urls import urlpatterns as volunteering
from grids.rights.entry import county

app_name = "dashboards"
for_county = opens_to(county("figures"))
urlpatterns = [
    path("figures/", views.mine, name="mine"),
    path("figures/county/", for_county(views.board), name="board-county"),
    path("figures/county/<str:measure>/", for_county(views.behind), name="behind-county"),
    path("cockpit/", for_county(views.cockpit), name="cockpit-county"),
    path("cockpit/<int:node_id>/", views.cockpit, name="cockpit"),
    path("net/", views.net_page, name="net"),
    path("net/<slug:code>/", views.net_behind, name="net-behind"),
    path("figures/<int:node_id>/", views.board, name="board"),
    path("figures/<int:node_id>/<str:measure>/", views.behind, name="behind"),
    *assessment,
    *sheets,
    *volunteering,
    *mediation,
    *centres,
    path(
        "figures/county/<str:measure>/export/",
        opens_to(posts=county("figures"))(export_views.figure),
        name="export-county",
    ),
    path("figures/<int:node_id>/<str:measure>/export/", export_views.figure, name="export"),
    path("exports/", export_views.mine, name="exports"),
    path("exports/<int:export_id>/", export_views.one, name="export-one"),
    path("exports/<int:export_id>/list.xlsx", export_views.file, name="export-file"),
    path("reports/", report_views.mine, name="reports"),
    path("reports/county/", for_county(report_views.report), name="report-county"),
    path("reports/county/report.<str:form>", for_county(report_views.report_file), name="report-file-county"),
    path("reports/county/subscribe/", for_county(report_views.subscribe), name="report-subscribe-county"),
    path("reports/node/<int:node_id>/", report_views.report, name="report"),
    path("reports/node/<int:node_id>/report.<str:form>", report_views.report_file, name="report-file"),
    path("reports/node/<int:node_id>/subscribe/", report_views.subscribe, name="report-subscribe"),
    path("reports/mail/<str:code>/", report_views.confirm_mail, name="report-mail-confirm"),
    path("reports/<int:report_id>/", report_views.kept, name="report-kept"),
    path("reports/<int:report_id>/report.<str:form>", report_views.kept_file, name="report-kept-file"),
    path("open-data/", open_data_views.index, name="open-data"),
    path("open-data/<slug:dataset>.<str:form>", open_data_views.dataset, name="open-data-file"),
]
