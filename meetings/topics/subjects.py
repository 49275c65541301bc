"""What of topics is written for everybody: registered with moderation.subjects, so that it is shown after a yes."""

from typing import Any

from accounts.models import User
from moderation.subjects import Subject


def words_of(title: str, words: str) -> str:
    """What is looked at of a topic."""
    return f"{title}\n{words}"


def _proposer(topic: Any) -> User | None:
    """Nobody of what the desk put forward."""
    seat = topic.case.seats.filter(role="asker").select_related("person").first()
    return seat.person if seat else None


TOPIC = Subject(
    code="topic",
    label="提的议题",
    scene=3,
    grid="topic__case__grid",
    joins=("topic__case",),
    words=lambda topic: words_of(topic.case.title, topic.words),
    writer=_proposer,
    path=lambda topic: topic.get_absolute_url(),
)
COMMENT = Subject(
    code="comment",
    label="对议题的意见",
    scene=2,
    grid="comment__topic__case__grid",
    joins=("comment__topic__case", "comment__person"),
    words=lambda comment: comment.words,
    writer=lambda comment: comment.person,
    path=lambda comment: comment.topic.get_absolute_url(),
)
