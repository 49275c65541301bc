"""One tree of categories for each kind: a new tree retires the old one in the same act, and what named an old category
goes over to the one that replaces it. Two trees side by side would compete for every suggestion."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from cases.categories import paths as categories
from cases.engine.tree_changes import lock_all
from cases.engine.turns import Given
from cases.models import Case, Category, RoutingRule, TimeLimit
from cases.models.category import LONGEST_KEYWORDS
from cases.services import move

SHOWN = 5
"""So many names of rows that still name a retired category; the rest is counted."""


@dataclass(frozen=True)
class Referrer:
    """Rows of one kind that name a category and go on being used. Rooms above register theirs."""

    label: str
    measure: str
    """量词: 条."""
    rows: Callable[[], QuerySet[Any]]
    words: Callable[[Any], str] | None = None
    """How staff find the row; None where a number is enough, or a name would tell of people."""
    go_over: Callable[[Any, Category, datetime], bool] | None = None
    """(row, category, at) -> whether it has gone over; `_rename` where there is nothing else to do."""


@dataclass(frozen=True)
class Wanted:
    """One line of a new tree."""

    line: int
    path: str
    replaces: tuple[str, ...] = ()
    """Full names of the old categories that it stands for."""


@dataclass
class Replaced:
    """What became of the old tree."""

    new: int = 0
    retired: int = 0
    gone_over: Counter[Referrer] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    """What could not be done, in Chinese."""

    @property
    def words(self) -> str:
        followed = "，".join(
            f"{referrer.label} {count} {referrer.measure}" for referrer, count in self.gone_over.items()
        )
        return f"新增分类 {self.new} 个，停用 {self.retired} 个" + (f"；转到新分类：{followed}。" if followed else "。")


REFERRERS: list[Referrer] = []


def register(*referrers: Referrer) -> None:
    REFERRERS.extend(referrers)


def replace_tree(*, kind: str, rows: Sequence[Wanted], at: datetime) -> Replaced:
    """These rows are the tree of this kind from now on. Categories that are in both stay, with their keywords; others of
    the old tree are retired, and where a row replaces them what named them goes over. Twice is once.

    Raises ValidationError, with the lines: a name that cannot be one, an old category that is not known, still in the tree,
    or replaced by two."""
    with transaction.atomic():
        old = _locked(kind)
        _check_replacing(rows, old)
        tree = categories.ensure_all(kind=kind, rows=[(row.path, "") for row in rows])
        back = [category.pk for path, category in tree.items() if path in old and category.retired_at is not None]
        Category.objects.filter(pk__in=back).update(retired_at=None, successor=None)
        gone = [category for path, category in old.items() if path not in tree and category.retired_at is None]
        Category.objects.filter(pk__in=[category.pk for category in gone]).update(retired_at=at)
        done = Replaced(new=len(tree.keys() - old.keys()), retired=len(gone))
        pairs = [(old[path], tree[row.path]) for row in rows for path in row.replaces if path != row.path]
        _go_over(pairs, done, at)
    return done


def retire(*, category: Category, successor: Category | None, at: datetime) -> Replaced:
    """停用 by hand: the same for one category.

    Raises ValidationError as `check_may_retire`."""
    with transaction.atomic():
        locked = Category.objects.select_for_update(no_key=True).get(pk=category.pk)
        check_may_retire(locked, successor)
        done = Replaced()
        if locked.retired_at is None:
            locked.retired_at = at
            locked.save(update_fields=["retired_at"])
            done.retired = 1
        if successor is not None:
            _go_over([(locked, successor)], done, at)
    category.refresh_from_db()
    return done


def restore(*, category: Category) -> None:
    """Take a category into use again. What went over to its successor stays there.

    Raises ValidationError as `check_may_restore`."""
    check_may_restore(category)
    category.retired_at, category.successor = None, None
    category.save(update_fields=["retired_at", "successor"])


def check_may_restore(category: Category) -> None:
    """Raises ValidationError at `is_retired`: the one above it is retired."""
    if category.parent is not None and category.parent.retired_at is not None:
        raise ValidationError({"is_retired": f"上级分类“{category.parent.name}”已停用，请先恢复上级。"})


def check_may_retire(category: Category, successor: Category | None) -> None:
    """Raises ValidationError at `is_retired`: some below it are in use; at `replaced_by`: it cannot stand for this one."""
    if below := category.children.filter(retired_at=None).order_by("path").first():
        raise ValidationError({"is_retired": f"下级“{below.name}”还在用，请先停用下级。"})
    if successor is None:
        return
    if successor.pk == category.pk or successor.kind != category.kind or successor.retired_at is not None:
        raise ValidationError({"replaced_by": f"请选一个同一事项类型、在用的分类来代替“{category.name}”。"})


def left_over(named: Q) -> list[str]:
    """One sentence for each retired category among those `named` that rows still name, for staff to mend."""
    parts_by_path: dict[str, list[str]] = {}
    retired = Category.objects.filter(named, retired_at__isnull=False)
    for referrer in REFERRERS:
        by_path: dict[str, list[Any]] = {}
        for row in referrer.rows().filter(category__in=retired).select_related("category").order_by("pk"):
            by_path.setdefault(row.category.path, []).append(row)
        for path, rows in by_path.items():
            parts_by_path.setdefault(path, []).append(_counted(referrer, rows))
    return [f"{path}：{'，'.join(parts)}" for path, parts in sorted(parts_by_path.items())]


def _counted(referrer: Referrer, rows: list[Any]) -> str:
    counted = f"{referrer.label} {len(rows)} {referrer.measure}"
    if referrer.words is None:
        return counted
    more = "…" if len(rows) > SHOWN else ""
    return f"{counted}（{'、'.join(map(referrer.words, rows[:SHOWN]))}{more}）"


def _locked(kind: str) -> dict[str, Category]:
    """Every category of a kind by its full name; who else brings a tree in waits."""
    rows = Category.objects.select_for_update(no_key=True).filter(kind=kind).order_by("pk")
    return {category.path: category for category in rows}


def _check_replacing(rows: Iterable[Wanted], old: dict[str, Category]) -> None:
    paths = {row.path for row in rows}
    stays = {path for path in old if any(path == listed or listed.startswith(f"{path}/") for listed in paths)}
    first: dict[str, Wanted] = {}
    faults = []
    for row in rows:
        for path in row.replaces:
            other = first.setdefault(path, row)
            if path not in old:
                faults.append(f"第 {row.line} 行：没有“{path}”这个原分类，请写全称，例如“公共设施/照明”。")
            elif path in stays and path != row.path:
                faults.append(f"第 {row.line} 行：原分类“{path}”在新表里还有，不能再对应到“{row.path}”。")
            elif other.path != row.path:
                faults.append(f"第 {other.line} 行和第 {row.line} 行：都对应原分类“{path}”，只能对应一行。")
    if faults:
        raise ValidationError(faults)


def _go_over(pairs: Sequence[tuple[Category, Category]], done: Replaced, at: datetime) -> None:
    """What names the first of each pair goes over to the second, which takes its keywords once."""
    lock_all(Q(category__in=[old for old, _ in pairs]))
    for old, new in pairs:
        for referrer in REFERRERS:
            go_over = referrer.go_over or _rename
            for row in referrer.rows().filter(category=old).select_related("category").order_by("pk"):
                if go_over(row, new, at):
                    done.gone_over[referrer] += 1
        if old.successor_id != new.pk:
            _take_keywords(old, new, done)
            old.successor = new
            old.save(update_fields=["successor"])


def _take_keywords(old: Category, new: Category, done: Replaced) -> None:
    """Those that are no longer there are put behind the others, as many as fit."""
    left = []
    for term in old.keywords.split():
        if term in new.keywords.split():
            continue
        longer = f"{new.keywords} {term}".strip()
        if len(longer) > LONGEST_KEYWORDS:
            left.append(term)
        else:
            new.keywords = longer
    new.save(update_fields=["keywords"])
    if left:
        done.notes.append(f"{new.path}：关键词最多 {LONGEST_KEYWORDS} 字，没有加上“{' '.join(left)}”")


def _rename(row: Model, category: Category, at: datetime) -> bool:
    """A row whose place is taken, because the category has one of its own already, stays: what staff set there holds."""
    row.category = category  # type: ignore[attr-defined]  # whoever names a category has one
    try:
        row.validate_unique()
        row.validate_constraints()
    except ValidationError:
        return False
    row.save(update_fields=["category"])
    return True


def _rename_case(case: Case, category: Category, at: datetime) -> bool:
    """An open case gets the new name and a line of its story; its limits, holder and version stay as they are. It was
    locked with the others."""
    assert case.category is not None, "it was found by its category"
    facts = {"from": case.category_id, "category": category.pk, "why": f"{case.category.path} → {category.path}"}
    move(case=case, verb="rename", by=None, at=at, given=Given(facts=facts), category=category)
    return True


OURS = (
    Referrer("未办结事项", "件", Case.objects.open, lambda case: str(case.number), _rename_case),
    Referrer("派单规则", "条", RoutingRule.objects.all, lambda rule: str(rule.name)),
    Referrer("办理时限", "条", TimeLimit.objects.all, lambda limit: str(limit.get_stage_display())),
)
