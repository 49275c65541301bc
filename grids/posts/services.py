"""Appointing people to posts and ending posts; doors of grids; duty phones. Trees are written in grids/tree/services.py."""

import re
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import User
from accounts.models.audit import Act
from accounts.personal_data import clean_name
from grids.models import Building, Grid, Level, Post, Territory
from grids.roles import COUNTY, ROLES
from grids.tree.observers import FOLLOWERS
from tables.undo import plain_name


def appoint(
    *,
    person: User,
    role: str,
    grid: Grid | None,
    from_at: datetime,
    until_at: datetime | None = None,
    by: User | None = None,
    at: datetime | None = None,
) -> Post:
    """Put a person into a post; 代岗 is a post like any other, from–until. A desk post opens the admin, and asks for a
    password and a second factor at the next sign-in.

    Raises ValidationError: the role does not belong to that level, the node was merged away, the period is empty, or
    the same person holds the same post in an overlapping period."""
    _check_level(role=role, grid=grid)
    if by is not None and by.pk == person.pk:
        raise ValidationError({"person": "不能任命自己，请由另一位有权的人任命。"})
    if until_at is not None and until_at <= from_at:
        raise ValidationError({"until_at": "任职结束时间应晚于开始时间。"})
    with transaction.atomic():
        # Two appointments of one person wait for each other.
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if Post.objects.filter(person=person, role=role, grid=grid).overlapping(from_at, until_at).exists():
            raise ValidationError({"person": f"{person.name} 在这段时间已任{ROLES[role].label}，不用重复任命。"})
        _check_separation(person=person, role=role, from_at=from_at)
        post = Post.objects.create(person=person, role=role, grid=grid, from_at=from_at, until_at=until_at)
        if ROLES[role].is_desk and not person.is_staff:
            person.is_staff = True
            person.must_set_password = not person.has_usable_password()
            person.save(update_fields=["is_staff", "must_set_password"])
        audit.record(
            act=Act.APPOINT,
            at=at or from_at,
            by=by.pk if by else None,
            about=person.pk,
            thing=f"{post.title} {post.pk}",
        )
        return post


def _check_separation(*, person: User, role: str, from_at: datetime) -> None:
    """三员分离 (等保三级): who audits holds no other post, so that nobody audits themselves."""
    others = Post.objects.filter(Q(until_at=None) | Q(until_at__gt=from_at), person=person)
    others = others.exclude(role="auditor") if role == "auditor" else others.filter(role="auditor")
    if others.exists():
        raise ValidationError({"role": "审计员不能兼任其他职务。"})


def _check_level(*, role: str, grid: Grid | None) -> None:
    label, levels = ROLES[role].label, ROLES[role].levels
    if not levels:
        raise ValidationError({"role": f"{label}不用任命。"})
    if (grid.level if grid else COUNTY) not in levels:
        named = "、".join(Level(level).label for level in levels if level is not None)
        if not named:
            raise ValidationError({"grid": f"{label}是县级职务，不挂在某个网格上。"})
        or_county = "，或不选（县级）" if COUNTY in levels else ""
        raise ValidationError({"grid": f"{label}应任职于{named}一级{or_county}。"})
    if grid is not None and grid.retired_at is not None:
        raise ValidationError({"grid": f"{grid.name}已撤并，请选择现有网格。"})


@transaction.atomic
def appoint_by_phone(*, phone: str, name: str, **post: Any) -> Post:
    """Appoint who has this phone; where nobody does, a new account goes with the post: its first sign-in is by a code on
    the phone. Raises what `appoint` raises; then there is no account either."""
    person = User.objects.with_phone(phone)
    return appoint(person=person or User.objects.create_user(phone=phone, name=clean_name(name, field="name")), **post)


def vacate(*, post: Post, at: datetime, by: User | None = None) -> None:
    """End a post at `at`; what its holder had in hand follows to whoever answers now.

    Raises ValidationError if it ended earlier or begins later."""
    with transaction.atomic():
        if not Post.objects.filter(pk=post.pk).end(at):
            raise ValidationError({"until_at": "这项任职已经结束或尚未开始。"})
        post.until_at = at
        for follower in FOLLOWERS:
            follower.post_ended(post, at, by)
        audit.record(
            act=Act.VACATE, at=at, by=by.pk if by else None, about=post.person_id, thing=f"{post.title} {post.pk}"
        )


def cover(*, grid: Grid, name: str, unit: str) -> Building:
    """Say which grid answers for a building (or one unit of it) of its 小区. ３ 幢 is 3幢.

    Raises ValidationError: the door lies in a grid already, or the grid is not a level-5 grid."""
    if grid.level != Level.HOUSEHOLD:
        raise ValidationError({"grid": f"{grid.name}不是网格，楼栋只能划入网格。"})
    estate = Grid.objects.upward_from(grid).get(level=Level.ESTATE)
    name, unit = plain_name(name), plain_name(unit)
    with transaction.atomic():
        door, is_new = Building.objects.select_for_update(no_key=True).get_or_create(
            estate=estate, name=name, unit=unit, defaults={"grid": grid}
        )
        if not is_new and door.grid_id is not None:
            raise ValidationError({"name": f"{estate.name}{name}{unit}已划入网格，一个门只能属于一个网格。"})
        if not is_new:
            door.grid = grid
            door.save(update_fields=["grid"])
    return door


def uncover(*, building: Building) -> None:
    """Take a door out of its grid: its 小区 answers for it, and it is on the list of gaps until a grid does."""
    if not Building.objects.filter(pk=building.pk, grid__isnull=False).update(grid=None):
        raise ValidationError({"building": f"{building.label}没有划入网格。"})


MOBILE = r"1[3-9]\d{9}"
DUTY_PHONE = rf"0\d{{2,3}}-?\d{{7,8}}(-\d{{1,6}})?|{MOBILE}|[1-9]\d{{2,7}}"
"""A fixed line with its area code, a duty mobile, or a short number as 110 and 12345."""


def set_duty_phone(*, node: Grid | Territory, phone: str) -> None:
    """The phone that residents may ring for a place: "" for none.

    Raises ValidationError at `phone`: no phone number, or somebody's own."""
    phone = phone.strip().replace(" ", "")
    if phone and not re.fullmatch(DUTY_PHONE, phone):
        raise ValidationError({"phone": "请填写座机（含区号）或值班手机号，例如 0599-3321234。"})
    if re.fullmatch(MOBILE, phone) and User.objects.with_phone(phone) is not None:
        raise ValidationError({"phone": "这是某人登录用的个人手机号，不能公开。请填写办公或值班电话。"})
    type(node).objects.filter(pk=node.pk).update(duty_phone=phone)
