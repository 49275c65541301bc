"""Growing a category tree by full names, and keeping them true."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from cases.models import Category

LONGEST_NAME = 40
DEEPEST = 3


def ensure(*, kind: str, path: str, keywords: str = "") -> Category:
    """The category of this kind with this full name (城乡建设/市政管理/路灯), its ancestors made as needed.

    Raises ValidationError at `path`: an empty or over-long name, more than three levels."""
    return ensure_all(kind=kind, rows=[(path, keywords)])[path]


def ensure_all(*, kind: str, rows: Iterable[tuple[str, str]]) -> dict[str, Category]:
    """`ensure` for many (full name, keywords), what is there looked up once; by full name."""
    rows = list(rows)
    names = {above for path, _ in rows for above in with_ancestors(path)}
    known = {category.path: category for category in Category.objects.filter(kind=kind, path__in=names)}
    for path, keywords in rows:
        _grow(known, kind, path, keywords)
    return known


def in_use(*, kind: str) -> dict[str, Category]:
    """Under each full name of this kind that there ever was, the category that stands for it now: itself, or what replaced
    it. Names that were retired without are left out."""
    known = {category.pk: category for category in Category.objects.filter(kind=kind)}
    replacements = {}
    for category in known.values():
        now = category
        while now.successor_id:  # ends: what replaces another is in use itself, until it is replaced in turn
            now = known[now.successor_id]
        if now.retired_at is None:
            replacements[category.path] = now
    return replacements


def check_place(category: Category) -> str:
    """The full name that it has by its name and the one above it, of a new category or one that is renamed or moved.

    Raises ValidationError at `name` or `parent`: no name, taken, of another kind, below itself, more than three levels."""
    above, name = category.parent, category.name.strip()
    if not name or "/" in name:
        raise ValidationError({"name": "名称不能是空的，也不能含“/”。"})
    if above is not None and above.kind != category.kind:
        raise ValidationError({"parent": "上级分类是另一种事项类型的，请另选。"})
    below = _below(category)
    if above is not None and (above.pk == category.pk or above in below):
        raise ValidationError({"parent": "上级分类就是它自己或在它下面，请另选。"})
    path = f"{above.path}/{name}" if above else name
    levels = max((child.path.count("/") - category.path.count("/") for child in below), default=0) + path.count("/") + 1
    if levels > DEEPEST:
        raise ValidationError({"parent": f"分类最多 {DEEPEST} 级。"})
    if Category.objects.filter(kind=category.kind, path=path).exclude(pk=category.pk).exists():
        raise ValidationError({"name": f"已经有“{path}”这一分类。"})
    return path


def put(category: Category) -> None:
    """Save it under its name; those below it follow. Raises ValidationError as `check_place`."""
    with transaction.atomic():
        path, below = check_place(category), _below(category)
        before, category.path = category.path, path
        category.save()
        for child in below:
            child.path = path + child.path.removeprefix(before)
        Category.objects.bulk_update(below, ["path"])


def _below(category: Category) -> list[Category]:
    if category.pk is None:
        return []
    return list(Category.objects.filter(kind=category.kind, path__startswith=f"{category.path}/"))


def with_ancestors(path: str) -> list[str]:
    """Full names from the top down, this one last."""
    names = path.split("/")
    return ["/".join(names[:depth]) for depth in range(1, len(names) + 1)]


def _grow(known: dict[str, Category], kind: str, path: str, keywords: str) -> Category:
    if path in known:
        return known[path]
    names = path.split("/")
    if not all(name.strip() for name in names) or any(len(name) > LONGEST_NAME for name in names):
        raise ValidationError({"path": f"每级分类都要有名称，最多 {LONGEST_NAME} 字。"})
    if len(names) > DEEPEST:
        raise ValidationError({"path": f"分类最多 {DEEPEST} 级。"})
    above = "/".join(names[:-1])
    parent = _grow(known, kind, above, "") if above else None
    known[path] = Category.objects.create(kind=kind, parent=parent, name=names[-1], path=path, keywords=keywords)
    return known[path]
