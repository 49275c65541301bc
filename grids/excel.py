"""Doors in and out of Excel: which building (or unit of it) lies in which grid."""

from typing import Any

from django.core.exceptions import ValidationError
from import_export import resources, widgets
from import_export.fields import Field

from accounts.models import User
from grids.jurisdiction import area_of
from grids.models import Building, Grid, Level
from grids.services import cover


class GridCode(widgets.ForeignKeyWidget):
    """A standing grid by its 15-digit code, within what the person may change."""

    def __init__(self, user: User | None = None) -> None:
        super().__init__(Grid, "code")
        self.user = user

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Grid:
        code = str(value or "").strip()
        area = area_of(self.user, "grid") if self.user else Grid.objects.none()
        found = area.standing().filter(level=Level.HOUSEHOLD, code=code).first() if code else None
        if found is None:
            raise ValidationError({"网格编码": f"您的辖区里没有编码为“{code}”的网格。"})
        return found


class Short(widgets.Widget):
    def __init__(self, label: str = "", *, is_needed: bool = False) -> None:
        super().__init__()
        self.label, self.is_needed = label, is_needed

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        said = str("" if value is None else value).strip()
        if self.is_needed and not said:
            raise ValidationError({self.label: f"请填写{self.label}。"})
        if len(said) > 30:
            raise ValidationError({self.label: f"{self.label}最多 30 字。"})
        return said


class DoorResource(resources.ModelResource):
    """A row a door; one that lies in this grid already is left as it is, one that lies in another is refused."""

    code = Field("grid", "网格编码", widget=GridCode())
    grid_name = Field("grid__name", "网格", readonly=True)
    name = Field("name", "楼栋", widget=Short("楼栋", is_needed=True))
    unit = Field("unit", "单元", widget=Short("单元"))

    class Meta:
        model = Building
        fields = import_order = export_order = ("code", "grid_name", "name", "unit")
        import_id_fields = ("code", "name", "unit")
        skip_unchanged = report_skipped = True

    def __init__(self, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields["code"].widget = GridCode(user)

    def do_instance_save(self, instance: Building, is_create: bool) -> None:
        try:
            instance.pk = cover(grid=instance.grid, name=instance.name, unit=instance.unit).pk
        except ValidationError as refusal:
            raise ValidationError({"楼栋": refusal.messages}) from refusal
