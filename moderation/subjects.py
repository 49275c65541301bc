"""What is written for everybody, in rooms above. They register it when their app is ready."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass(frozen=True)
class Subject:
    code: str
    """Also the relation that leads from a clearance to the row that was written."""
    label: str
    """As it stands in a sentence: "您{label}没有公开"."""
    scene: int
    """Where it stands, in WeChat's numbers: 2 a comment, 3 a forum."""
    grid: str
    """The path from a clearance to the node whose desk decides."""
    joins: tuple[str, ...]
    """What is read along with many of them."""
    words: Callable[[Any], str]
    """All that would be shown, of the row."""
    writer: Callable[[Any], User | None]
    path: Callable[[Any], str]
    """Where it is shown."""


SUBJECTS: dict[str, Subject] = {}


def register(*subjects: Subject) -> None:
    SUBJECTS.update({subject.code: subject for subject in subjects})
