"""Lists page by page, all in one way. A page of rows in the order of their fields begins after a place, the values by which
its neighbour is sorted, and so costs the same however many rows stand before it; nothing is counted beyond `MOST`. What the
database does not sort by fields (a list in memory, groups that are counted) is short, and has numbered pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

SIZE = 25
MOST = 1000
"""So many rows are counted; of more it is said that there are more."""
NUMBER, AFTER, BEFORE, END = "page", "after", "before", "end"
"""What an address says of a page; the rest of it belongs to the list."""
SALT = "place in a list"


@dataclass(frozen=True)
class Page:
    object_list: Sequence[Any]
    words: str
    """Which page this is, or how many rows there are: "第 2 / 9 页", "共 31 条"."""
    rest: str
    """Of the address, without its page."""
    previous: str | None
    """What the address of the page before says; None where there is none."""
    next: str | None
    last: str

    @property
    def is_one_of_many(self) -> bool:
        return self.previous is not None or self.next is not None


def page_of(rows: Any, asked: QueryDict, size: int = SIZE) -> Page:
    """The page that `asked` names, the first where it names none that can be."""
    rest = asked.copy()
    for name in (NUMBER, AFTER, BEFORE, END):
        rest.pop(name, None)
    is_sorted_by_fields = isinstance(rows, QuerySet) and all(isinstance(name, str) for name in rows.query.order_by)
    if is_sorted_by_fields and rows._fields is None:
        return _at_a_place(rows, asked, size, rest.urlencode())
    page = Paginator(rows, size).get_page(asked.get(NUMBER))
    shown: Any = page.object_list
    return Page(
        shown,
        f"第 {page.number} / {page.paginator.num_pages} 页",
        rest.urlencode(),
        f"{NUMBER}={page.previous_page_number()}" if page.has_previous() else None,
        f"{NUMBER}={page.next_page_number()}" if page.has_next() else None,
        f"{NUMBER}={page.paginator.num_pages}",
    )


class _Key(NamedTuple):
    """One of the fields by which rows are sorted."""

    name: str
    is_down: bool
    may_be_empty: bool

    def beyond(self, value: Any) -> Q:
        """PostgreSQL puts what is empty last, and first going down."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.is_down else Q(pk__in=())
        after = Q(**{f"{self.name}__{'lt' if self.is_down else 'gt'}": value})
        is_followed = self.may_be_empty and not self.is_down
        return after | Q(**{f"{self.name}__isnull": True}) if is_followed else after

    def at(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def up_to(self, value: Any) -> Q:
        """Not before it: what an index can be bounded by."""
        if value is None or (self.may_be_empty and not self.is_down):
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.is_down else 'gte'}": value})


class _Walk:
    """Rows in their order, forth and back from any place in it."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        names = [str(name) for name in rows.query.order_by]  # page_of brings no others
        if not names or names[-1].lstrip("-") not in {"pk", "id"}:
            names.append("pk")  # no two at one place
        places = {f"place_{n}": F(name.lstrip("-")) for n, name in enumerate(names)}
        self.rows = rows.annotate(**places).order_by(*names)
        self.fields = [self.rows.query.annotations[place].output_field for place in places]
        self.keys = [
            _Key(name.lstrip("-"), name.startswith("-"), _may_be_empty(rows, name.lstrip("-"))) for name in names
        ]

    def forth(self, place: list[Any] | None, many: int) -> list[Any]:
        return list((self.rows.filter(_after(place, self.keys)) if place else self.rows)[:many])

    def back(self, place: list[Any] | None, many: int) -> list[Any]:
        """The nearest first; None: from the end."""
        keys = [key._replace(is_down=not key.is_down) for key in self.keys]
        rows = self.rows.reverse()
        return list((rows.filter(_after(place, keys)) if place else rows)[:many])

    def sign(self, row: Any) -> str:
        values = [getattr(row, f"place_{n}") for n in range(len(self.keys))]
        return signing.dumps([None if value is None else str(value) for value in values], salt=SALT)

    def place(self, signed: str | None) -> list[Any] | None:
        """None for none, and for one of another list."""
        if not signed:
            return None
        try:
            values = signing.loads(signed, salt=SALT)
            return [field.to_python(value) for field, value in zip(self.fields, values, strict=True)]
        except (signing.BadSignature, ValidationError, ValueError):
            return None


def _at_a_place(rows: QuerySet[Any], asked: QueryDict, size: int, rest: str) -> Page:
    walk = _Walk(rows)
    before, after = walk.place(asked.get(BEFORE)), walk.place(asked.get(AFTER))
    has_previous = has_next = False
    shown: list[Any] = []
    if before or END in asked:
        shown = walk.back(before, size + 1)
        has_previous, has_next = len(shown) > size, before is not None
        shown = shown[:size][::-1]
    elif after:
        shown = walk.forth(after, size + 1)
        has_previous, has_next = True, len(shown) > size
    if not has_previous or not shown:  # the first page is always a whole one
        shown = walk.forth(None, size + 1)
        has_previous, has_next = False, len(shown) > size
    shown = shown[:size]
    return Page(
        shown,
        _how_many(rows) if has_previous or has_next else "",
        rest,
        f"{BEFORE}={walk.sign(shown[0])}" if has_previous else None,
        f"{AFTER}={walk.sign(shown[-1])}" if has_next else None,
        f"{END}=1",
    )


def _after(place: list[Any], keys: list[_Key]) -> Q:
    """What comes after this place: beyond it in one field, and at it in all fields before."""
    behind = Q(pk__in=())
    at_place = Q()
    for key, value in zip(keys, place, strict=True):
        behind |= at_place & key.beyond(value)
        at_place &= key.at(value)
    return keys[0].up_to(place[0]) & behind


def _may_be_empty(rows: QuerySet[Any], name: str) -> bool:
    """Also where what it hangs on may be."""
    if name in rows.query.annotations:
        return True
    model: Any = rows.model
    for part in name.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if field.null:
            return True
        model = field.related_model
    return False


def _how_many(rows: QuerySet[Any]) -> str:
    count = rows.order_by().values("pk")[: MOST + 1].count()
    return f"共 {count:,} 条" if count <= MOST else f"共 {MOST:,} 条以上"
