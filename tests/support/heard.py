"""What people heard of, by the sentences that they read."""

from accounts.models import User
from notices.models import Notice


def heard(words: str, *people: User) -> list[Notice]:
    """Messages that say `words`, oldest first: to these people, or to anybody."""
    notices = Notice.objects.order_by("pk")
    addressed = notices.filter(person__in=people) if people else notices
    return [notice for notice in addressed.select_related("person") if words in notice.words]


def heard_once(words: str, *people: User) -> Notice:
    (notice,) = heard(words, *people)
    return notice
