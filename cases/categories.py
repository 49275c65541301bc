"""Growing a category tree by full names."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

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
    known = {found.path: found for found in Category.objects.filter(kind=kind, path__in=names)}
    for path, keywords in rows:
        _grow(known, kind, path, keywords)
    return known


def in_use(*, kind: str) -> dict[str, Category]:
    """Under each full name of this kind that there ever was, the category that stands for it now: itself, or what replaced
    it. Names that were retired without are left out."""
    known = {category.pk: category for category in Category.objects.filter(kind=kind)}
    found = {}
    for category in known.values():
        now = category
        while now.successor_id:  # ends: what replaces another is in use itself, until it is replaced in turn
            now = known[now.successor_id]
        if now.retired_at is None:
            found[category.path] = now
    return found


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
