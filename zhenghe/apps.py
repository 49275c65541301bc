from django.apps import AppConfig


class ZhengheConfig(AppConfig):
    name = "zhenghe"
    verbose_name = "政和社区治理"

    def ready(self) -> None:
        from zhenghe import checks, rights_check  # noqa: F401
