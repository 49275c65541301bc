from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    verbose_name = "看板"

    def ready(self) -> None:
        from accounts import menu
        from accounts.holdings import register as register_holdings
        from cases import lists, lost_files
        from dashboards import assessment_holdings, exports, own_holdings
        from dashboards.assessment_demo import remove_demo_assessments
        from dashboards.follow import FOLLOWER
        from dashboards.messages import MESSAGES
        from dashboards.models.export import FOLDER
        from dashboards.reports import mail_of_report, mail_to_confirm
        from grids.demo import REMOVERS
        from grids.entry import verb
        from grids.followers import register as register_follower
        from notices import texts
        from notices.channels.mail import SENDERS
        from volunteers.links import MINE

        register_follower(FOLLOWER)
        register_holdings(holdings=own_holdings.HOLDINGS, keepings=own_holdings.KEEPINGS)
        register_holdings(holdings=assessment_holdings.HOLDINGS, keepings=assessment_holdings.KEEPINGS)
        texts.register(MESSAGES)
        SENDERS["report.made"] = mail_of_report
        SENDERS["report.mail_to_confirm"] = mail_to_confirm
        menu.register(menu.Entry("数据", "dashboards:mine", verb("figures").admits))
        MINE.append(("我的履职单", "dashboards:sheet-mine"))
        lost_files.FOLDERS.append(FOLDER)
        lists.MAKERS.append(exports.file_of_cases)
        REMOVERS[:0] = [remove_demo_assessments]  # before the tasks and nodes they name
