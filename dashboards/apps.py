from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "看板"

    def ready(self) -> None:
        from accounts.entry import SIGNED_IN
        from accounts.privacy.holdings import register as register_holdings
        from cases.reading import lists
        from dashboards import privacy as own_holdings
        from dashboards.assessments import privacy as assessment_holdings
        from dashboards.exports import services as exports
        from dashboards.figures.tree_changes import FOLLOWER
        from dashboards.messages import MESSAGES
        from dashboards.models.export import FOLDER
        from dashboards.reports.services import mail_of_report, mail_to_confirm
        from grids.rights.entry import verb
        from grids.tree.observers import register as register_follower
        from notices import texts
        from notices.channels.mail import SENDERS
        from photos import lost as lost_files
        from web import menu

        register_follower(FOLLOWER)
        register_holdings(holdings=own_holdings.HOLDINGS, keepings=own_holdings.KEEPINGS)
        register_holdings(holdings=assessment_holdings.HOLDINGS, keepings=assessment_holdings.KEEPINGS)
        texts.register(MESSAGES)
        SENDERS["report.made"] = mail_of_report
        SENDERS["report.mail_to_confirm"] = mail_to_confirm
        reads_figures = verb("figures").admits
        menu.register(
            menu.Entry("数据", "dashboards:mine", reads_figures),
            menu.Entry("志愿服务数据", "dashboards:volunteering", reads_figures, under="volunteers:lists"),
            menu.Entry("我的履职单", "dashboards:sheet-mine", SIGNED_IN.admits, under="volunteers:me"),
            menu.Entry("三常数据", "dashboards:centres", reads_figures, under="meetings:activities"),
            menu.Entry(
                "调解统计", "dashboards:mediation", verb("dispatch").admits, under="admin:disputes_dispute_changelist"
            ),
        )
        lost_files.FOLDERS.append(FOLDER)
        lists.MAKERS.append(exports.file_of_cases)
