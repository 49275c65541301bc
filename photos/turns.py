"""One picture at a time in a process, and its memory given back."""

import ctypes
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from time import monotonic
from typing import ParamSpec, TypeVar

from django.core.exceptions import ValidationError

from photos import words

PATIENCE = 15.0
"""Seconds that one form waits for its turns, all its photos together."""
Given = ParamSpec("Given")
Made = TypeVar("Made")

decoding = Lock()
_thread = ThreadPoolExecutor(1, "photos")
"""All pictures are decoded in this one: each thread of a process keeps for itself what it has once taken of memory."""


def _begin_anew() -> None:
    """A process forked off has none of its parent's threads, and would wait for them for ever."""
    global decoding, _thread
    decoding, _thread = Lock(), ThreadPoolExecutor(1, "photos")


os.register_at_fork(after_in_child=_begin_anew)


class Patience:
    """How long one form may go on waiting for its turns."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._left = seconds

    def run(self, name: str, work: Callable[Given, Made], *given: Given.args, **more: Given.kwargs) -> Made:
        """What `work` makes of the picture of that name. Raises ValidationError when its turn does not come in time."""
        began = monotonic()
        if not decoding.acquire(timeout=max(0.0, self._left)):
            self._left = 0.0
            raise ValidationError(words.busy(name))
        self._left -= monotonic() - began
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a hostile picture has one for each of thousands of tags
                return _thread.submit(work, *given, **more).result()
        finally:
            _give_back_memory()
            decoding.release()


def _give_back_memory() -> None:
    """glibc keeps what is free for the next time: after one large picture 150 MB in every process, for ever. (Other systems
    have no such call.)"""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
