"""What hotlines and units call the columns of their tables, beyond the names that the reader knows by itself."""

from django.core.exceptions import ValidationError
from django.db import models

from tables.heads import LAYOUTS, column_of, plain_head


def column_choices() -> dict[str, dict[str, str]]:
    """By kind of table: "requests:编号" -> 编号."""
    return {
        layout.title: {f"{layout.key}:{column.name}": column.name for column in layout.columns}
        for layout in LAYOUTS.values()
    }


class ColumnName(models.Model):
    column = models.CharField("本平台的列", max_length=60, choices=column_choices)
    name = models.CharField("表里的列名", max_length=60, help_text="空格、星号和全角半角不用管")

    class Meta:
        verbose_name = "表格列名"
        verbose_name_plural = "表格列名"
        constraints = [models.UniqueConstraint(fields=["column", "name"], name="column_name_once")]

    class PersonalData:
        personal = ()
        plain = ("id", "column", "name")

    def __str__(self) -> str:
        return f"{self.name} → {self.column.partition(':')[2]}（{self.pk}）"

    def clean(self) -> None:
        """One name means one column of a kind of table."""
        layout = self.column.partition(":")[0]
        if not plain_head(self.name):
            raise ValidationError({"name": "请填写列名。"})
        if layout in LAYOUTS and (known := column_of(self.name, LAYOUTS[layout])):
            raise ValidationError({"name": f"“{self.name}”平台已经认得，是“{known}”的列名。"})
        for other in ColumnName.objects.filter(column__startswith=f"{layout}:").exclude(pk=self.pk):
            if plain_head(other.name) == plain_head(self.name):
                raise ValidationError({"name": f"“{other.name}”已经是“{other.column.partition(':')[2]}”的列名。"})


def own_names(layout: str) -> dict[str, str]:
    """Name -> column, as staff keep them (tables/heads.py: OWN_NAMES)."""
    rows = ColumnName.objects.filter(column__startswith=f"{layout}:").values_list("name", "column")
    return {name: column.partition(":")[2] for name, column in rows}
