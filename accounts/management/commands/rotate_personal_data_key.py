from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction

from accounts.personal_data import EncryptedTextField


class Command(BaseCommand):
    help = "把全部加密内容改用 PERSONAL_DATA_KEY 里的第一把密钥，不停机。中断后可以再运行；完成后可去掉旧密钥。"

    def handle(self, *args: Any, **options: Any) -> None:
        for model, names in _encrypted():
            pks = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
            for pk in pks:
                with transaction.atomic():
                    row = model._base_manager.select_for_update().filter(pk=pk).first()
                    if row is not None:
                        # Not save(): a row is only sealed anew, nothing about it changes.
                        model._base_manager.filter(pk=pk).update(**{name: getattr(row, name) for name in names})
            self.stdout.write(f"{model._meta.verbose_name}：{len(pks)} 行")


def _encrypted() -> Iterator[tuple[type[models.Model], list[str]]]:
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
        if names:
            yield model, names
