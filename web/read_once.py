"""What one page asks for several times over, read from the database once.

A page is put together by functions that know nothing of each other, and each asks anew who somebody is and what hangs on a
case. While a page is only looked at, `once` gives all of them the same answer; the next request reads anew, so that a post
that ends opens no door any more. Nothing is kept where something is written: acts always read for themselves."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers of one page", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Inside, each question is put once."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to `question`, which says all that it hangs on. Outside of `one_page` it is asked every time."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer
