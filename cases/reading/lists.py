"""The lists of cases a person has: one declaration for the page and the API. Any list of cases as a file, which a room
above makes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from cases.engine.referrals import OFFICER
from cases.models import Case
from cases.models.querysets import CaseQuerySet
from grids.rights.jurisdiction import Visitor, posts_of


@dataclass(frozen=True)
class CaseList:
    label: str
    empty_words: str
    cases: Callable[[], CaseQuerySet]
    """Called of the one list that is shown: to put the others together would cost as much as the answer."""
    ordering: tuple[str, str]
    """Ends with the primary key, so that a page never shows a case twice."""
    kept_back: Callable[[], int] = lambda: 0
    """How many belong here and are not listed, for they are private: said, so that list and figure agree."""

    def in_order(self) -> CaseQuerySet:
        return self.cases().with_cards().order_by(*self.ordering)


MAKERS: list[Callable[[User, str, QuerySet[Case], datetime], str]] = []
"""Has a file made of (person, label, cases in order, at); gives the address at which that person fetches it."""

BY_TIME_LEFT = ("due_at", "pk")
BY_ANSWER = ("answer_by", "pk")
NEWEST_FIRST = ("-opened_at", "-pk")


def lists_of(user: Visitor, *, at: datetime) -> dict[str, CaseList]:
    """In my hands and late ones by time left, my area and what I sit on newest first; for the police, first what was
    referred to them."""
    cases = Case.objects
    police_posts = [post for post in posts_of(user, at=at) if post.role == OFFICER]
    referred = CaseList(
        "转给我的", "没有等您答复的事项。转来的会列在这里。", lambda: cases.referred_to(police_posts), BY_ANSWER
    )
    return {
        **({"referred": referred} if police_posts else {}),
        "todo": CaseList(
            "我的待办",
            "手上没有待办。新派来的事会按剩余时间排在这里。",
            lambda: cases.held_by(user),
            BY_TIME_LEFT,
        ),
        "late": CaseList(
            "辖区超时",
            "没有可以列出的超时事项。",
            lambda: cases.in_area_of(user).overdue(at),
            BY_TIME_LEFT,
            kept_back=lambda: cases.kept_from(user).overdue(at).count(),
        ),
        "area": CaseList("我的辖区", "辖区里还没有事项。", lambda: cases.in_area_of(user), NEWEST_FIRST),
        "mine": CaseList(
            "与我有关",
            "您反映或参与的事会列在这里。点“我要反映”，三步就好。",
            lambda: cases.seated(user),
            NEWEST_FIRST,
        ),
    }


def as_file(*, person: User, label: str, cases: QuerySet[Case], at: datetime) -> str:
    """The address of the file that is made of this list, as it stands now. Raises ValidationError when it is empty or too
    long."""
    return next(make(person, label, cases, at) for make in MAKERS)
