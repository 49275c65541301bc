"""Growing a category tree by full names."""

from django.core.exceptions import ValidationError

from cases.models import Category

LONGEST_NAME = 40
DEEPEST = 3


def ensure(*, kind: str, path: str, keywords: str = "") -> Category:
    """The category of this kind with this full name (城乡建设/市政管理/路灯), its ancestors made as needed.

    Raises ValidationError at `path`: an empty or over-long name, more than three levels."""
    found = Category.objects.filter(kind=kind, path=path).first()
    if found is not None:
        return found
    names = path.split("/")
    if not all(name.strip() for name in names) or any(len(name) > LONGEST_NAME for name in names):
        raise ValidationError({"path": f"每级分类都要有名称，最多 {LONGEST_NAME} 字。"})
    if len(names) > DEEPEST:
        raise ValidationError({"path": f"分类最多 {DEEPEST} 级。"})
    above = "/".join(names[:-1])
    parent = ensure(kind=kind, path=above) if above else None
    return Category.objects.create(kind=kind, parent=parent, name=names[-1], path=path, keywords=keywords)
