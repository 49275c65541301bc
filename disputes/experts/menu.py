"""What the head of every page offers of this room."""

from django.http import HttpRequest

from grids.rights.entry import verb
from grids.rights.jurisdiction import posts_in
from grids.roles import ROLES
from web.menu import Entry


def _is_expert(request: HttpRequest) -> bool:
    return any(post.role == "expert" for post in posts_in(request))


def _may_ask_one(request: HttpRequest) -> bool:
    """Whoever handles nothing here themselves."""
    return not any(post.role == "expert" or ROLES[post.role].verbs for post in posts_in(request))


ENTRIES = (
    Entry("我的时段", "disputes:expert-hours", _is_expert),
    Entry("找专家", "disputes:expert-list", _may_ask_one),
    # Those who hold a post write it down; residents apply from the front page.
    Entry("登记纠纷", "disputes:register", verb("see").admits),
)
