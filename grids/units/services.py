"""Registering units and pairing them with communities (单位报到)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from grids.models import Grid, Level, Pairing, Unit
from grids.tree.observers import Follower


def register_unit(*, name: str, kind: str, code: str = "", duty_phone: str = "") -> Unit:
    """A new unit. Raises ValidationError at `name` or `code` when one like it is there."""
    unit = Unit(name=name.strip(), kind=kind, code=code.strip().upper(), duty_phone=duty_phone.strip())
    unit.full_clean()
    unit.save(force_insert=True)
    return unit


def pair(*, unit: Unit, grid: Grid, at: datetime) -> Pairing:
    """单位报到. Raises ValidationError: no community, merged away, the unit is switched off or reported here already."""
    if grid.level != Level.COMMUNITY or grid.retired_at is not None:
        raise ValidationError({"grid": f"单位向社区报到，{grid.name}不是现有社区。"})
    if not unit.is_active:
        raise ValidationError({"unit": f"{unit.name}已停用。"})
    with transaction.atomic():
        Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # the same report sent twice waits here
        if Pairing.objects.filter(unit=unit, grid=grid, until_at=None).exists():
            raise ValidationError({"grid": f"{unit.name}已向{grid.name}报到。"})
        return Pairing.objects.create(unit=unit, grid=grid, from_at=at)


def end_pairing(*, pairing: Pairing, at: datetime) -> None:
    """Raises ValidationError if it ended before."""
    if not Pairing.objects.filter(pk=pairing.pk, until_at=None, from_at__lt=at).update(until_at=at):
        raise ValidationError("这项报到已经结束。")


def _follow(old: Grid, new: Grid, at: datetime, by: User | None) -> None:
    """Two communities became one: who reported to the old one has reported to the new one."""
    running = Pairing.objects.filter(grid=old, until_at=None)
    there = Pairing.objects.filter(grid=new, until_at=None).values("unit")
    running.filter(unit__in=list(there.values_list("unit", flat=True)), from_at__lt=at).update(until_at=at)
    running.update(grid=new)


FOLLOWER = Follower(
    label="单位报到",
    count=lambda ids: Pairing.objects.filter(grid__in=ids, until_at=None).count(),
    node_replaced=_follow,
    nodes_moved=lambda ids, at, by: None,
    post_ended=lambda post, at, by: None,
)
