from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "表格导入"

    def ready(self) -> None:
        from accounts.holdings import register as register_holdings
        from cases import lost_files
        from imports.models import FOLDER
        from imports.own_holdings import HOLDINGS, KEEPINGS

        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        lost_files.FOLDERS.append(FOLDER)
