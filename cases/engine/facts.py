"""What one turn or one page knows of a case: each fact is read once, when it is first asked for.

A kind that asks for more than seats and extensions has a class of its own below `Facts`, named in its Workflow. Guards,
standings, routing and messages ask the facts and not the database, so that they can be tried without one."""

from functools import cached_property

from cases.engine.statements import Statement
from cases.models import Case, Extension, Referral, Seat
from cases.models.case import KEPT_ON_ROW
from cases.workflow import CONCERNED, KEPT_OUT
from grids.models import Post


class Facts:
    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def every_seat(self) -> list[Seat]:
        """Also of those who got up since; with the people and the posts."""
        return _seats(self.case.pk)

    def seats(self, *roles: str) -> list[Seat]:
        """Who sits now, in these roles."""
        return [seat for seat in self.every_seat if seat.until_at is None and seat.role in roles]

    @cached_property
    def barred(self) -> frozenset[int]:
        """People (ids) who must keep out: those whom the kind names (回避). Below: none."""
        return frozenset()

    @property
    def kept_out(self) -> frozenset[int]:
        """People (ids) into whose hands the case must not come: `barred`, whose matter it is, and whom it is about."""
        seats = self.seats(*KEPT_OUT)
        return self.barred | {seat.post.person_id if seat.post else seat.person_id for seat in seats}  # type: ignore[misc]

    @property
    def concerned(self) -> list[Post]:
        """The posts it is about (被反映人), also where they ended; such a case is private."""
        if not self.case.is_private:
            return []
        return [seat.post for seat in self.every_seat if seat.role == CONCERNED and seat.post is not None]

    @cached_property
    def extensions(self) -> list[Extension]:
        return list(Extension.objects.filter(case=self.case).order_by("pk"))

    @property
    def asked_extension(self) -> Extension | None:
        """The one that waits for an answer."""
        return next((extension for extension in self.extensions if extension.decided_at is None), None)

    @cached_property
    def referral(self) -> Referral | None:
        """What lies with the police now."""
        if getattr(self.case, "is_referred", None) is False:  # cases.models.querysets.with_referral asked with the row
            return None
        running = Referral.objects.filter(case=self.case, ended_at=None)
        return running.select_related("post__person", "post__grid", "by").first()

    @cached_property
    def drawn(self) -> list[tuple[str, int | None, int | None]]:
        """(verb, by whom, in whose hands it was then) of its story so far, the oldest first."""
        return list(self.case.events.order_by("number").values_list("verb", "by", "holder"))

    def forget(self, *names: str) -> None:
        """These were written: they are read again when they are asked for."""
        for name in names:
            self.__dict__.pop(name, None)


_seats = Statement(
    lambda case: Seat.objects.filter(case=case).select_related("person", "post__person", "post__grid").order_by("pk")
)


def facts_of(case: Case) -> Facts:
    """Of this row as it was read: the same as long as it is not read again."""
    facts: Facts | None = case.__dict__.get("facts")
    if facts is None:
        facts = case.__dict__["facts"] = (case.workflow.facts or Facts)(case)
    return facts


def forget_facts(case: Case) -> None:
    """Something of it was written: what was known is read anew when it is asked for."""
    for name in KEPT_ON_ROW:
        case.__dict__.pop(name, None)
