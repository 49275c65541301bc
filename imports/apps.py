from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "表格导入"

    def ready(self) -> None:
        from accounts.privacy.holdings import register as register_holdings
        from imports.models import FOLDER
        from imports.privacy import HOLDINGS, KEEPINGS
        from photos import lost as lost_files

        register_holdings(holdings=HOLDINGS, keepings=KEEPINGS)
        lost_files.FOLDERS.append(FOLDER)
