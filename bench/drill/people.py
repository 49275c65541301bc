"""Residents who file requests through the three screens, and grid leaders who sign for them and finish them. Each does
what a person does who gets no answer: wait a moment, press again."""

import random
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bench.drill.book import Book
from bench.drill.browser import Browser, Form, NotAnswered, Page

PRESS_AGAIN = 0.7
"""Seconds between an answer that failed and the next try."""
CODE_AGAIN = 10.0
STUBBORN = 240.0
"""Seconds after which a person gives a request up."""
WORDS = "楼道灯坏了，演练"
"""Every request of the drill begins like this; its token follows."""
NUMBER = re.compile(r"/requests/(ZH-\w{4}-\w{4})/done/")
TRIES_WITH_PHOTO = 3


class Refused(Exception):
    """Answered, but not as expected: what the page said."""


@dataclass(frozen=True)
class Door:
    """A building in which something is wrong."""

    estate: str
    building: str


class Person(ABC):
    def __init__(self, browser: Browser, phone: str, book: Book, is_over: threading.Event) -> None:
        self.browser, self.phone, self.book, self.is_over = browser, phone, book, is_over

    @abstractmethod
    def sign_in(self, until: float) -> None:
        """Raises NotAnswered or Refused."""

    def patiently(self, act: Callable[[], Page], until: float) -> Page:
        """Again and again, until it is answered; NotAnswered when patience or the drill is at its end."""
        while True:
            try:
                return act()
            except NotAnswered:
                if time.monotonic() > until or self.is_over.is_set():
                    raise
                time.sleep(PRESS_AGAIN)

    def form_of(self, page: Page, *names: str) -> Form:
        form = page.form(*names)
        if form is None:
            raise Refused(f"{page.path}: {page.status}, no form with {', '.join(names)}: {page.words}")
        return form


class Resident(Person):
    def sign_in(self, until: float) -> None:
        """By the code that the demonstration shows on the page."""
        while (entry := self._ask_for_code(until)) is None:
            if time.monotonic() > until:
                raise Refused(f"{self.phone} was never given a code")
            self.is_over.wait(CODE_AGAIN)  # its page got lost: the next code is sent a minute later
        page, code = entry
        self.patiently(lambda: self.browser.send(page, self.form_of(page, "code"), {"code": code}), until)
        if "sessionid" not in self.browser.cookies:
            raise Refused(f"{self.phone} was not signed in")

    def _ask_for_code(self, until: float) -> tuple[Page, str] | None:
        page = self.patiently(lambda: self.browser.get("/sign-in/"), until)
        form = self.form_of(page, "phone")
        self.patiently(lambda: self.browser.send(page, form, {"phone": self.phone}), until)
        entry = self.patiently(lambda: self.browser.get("/sign-in/code/"), until)
        shown = re.search(r"验证码是 (\d{6})", entry.text)
        return (entry, shown.group(1)) if shown else None

    def file(self, token: str, door: Door, photo: bytes | None) -> None:
        """One request from the first screen to its number, which goes into the book."""
        until = time.monotonic() + STUBBORN
        try:
            words_path = self._say_where(door, until)
            confirm_path = self._say_what(words_path, f"{WORDS}{token}号", photo, until)
            number, photos = self._confirm(confirm_path, until)
        except NotAnswered as fault:
            self.book.give_up(token, str(fault))
        except Refused as refusal:
            self.book.give_up(token, str(refusal))
            self.book.wonder(str(refusal))
        else:
            self.book.tell(token, number, photos)
            self._look_at(f"/requests/{number}/done/")

    def _say_where(self, door: Door, until: float) -> str:
        """The buildings of a chosen 小区 come by a button, as on a phone without JavaScript."""
        page = self._open("/requests/new/", until)
        form = self.form_of(page, "place", "show_buildings")
        page = self._send(page, form, until, {"place": door.estate, "show_buildings": "1"})
        form = self.form_of(page, "place", "building")
        return self._next(self._send(page, form, until, {"place": door.estate, "building": door.building}))

    def _say_what(self, path: str, words: str, photo: bytes | None, until: float) -> str:
        """A photo that cannot be kept just now is left out: the words matter more."""
        page = self._open(path, until)
        form = self.form_of(page, "words")
        if photo is not None:
            for _ in range(TRIES_WITH_PHOTO):
                try:
                    answer = self.browser.send(page, form, {"words": words}, photo)
                except NotAnswered:
                    time.sleep(PRESS_AGAIN)
                    continue
                if answer.location:
                    return self._next(answer)
                break
        return self._next(self._send(page, form, until, {"words": words}))

    def _confirm(self, path: str, until: float) -> tuple[str, int]:
        """The same form is sent until its number comes back: twice sent is once filed."""
        page = self._open(path, until)
        shown = re.search(r"<dt>照片</dt><dd>(\d+) 张", page.text)
        number = NUMBER.search(page.path)  # sent already, when an answer got lost
        if number is None:
            answer = self._send(page, self.form_of(page, "category"), until, {"category": ""})
            number = NUMBER.search(answer.location)
            if number is None:
                raise Refused(f"{path}: {answer.status} {answer.location} {answer.words}")
        return number.group(1), int(shown.group(1)) if shown else 0

    def _open(self, path: str, until: float) -> Page:
        page = self.patiently(lambda: self.browser.get(path), until)
        if page.path.startswith("/sign-in/"):
            self.book.wonder(f"{self.phone} was signed out on {path}")
            self.sign_in(until)
            page = self.patiently(lambda: self.browser.get(path), until)
        return page

    def _send(self, page: Page, form: Form, until: float, typed: Mapping[str, str]) -> Page:
        return self.patiently(lambda: self.browser.send(page, form, typed), until)

    def _next(self, answer: Page) -> str:
        if not answer.location or answer.location.startswith("/sign-in/"):
            raise Refused(f"{answer.path}: {answer.status} {answer.location} {answer.words}")
        return answer.location

    def _look_at(self, path: str) -> None:
        try:
            self.browser.get(path)
        except NotAnswered:
            return  # the number is known; it is noted as an attempt that failed


class Leader(Person):
    def __init__(self, browser: Browser, phone: str, book: Book, is_over: threading.Event, password: str) -> None:
        super().__init__(browser, phone, book, is_over)
        self.password, self.chance = password, random.Random(phone)

    def sign_in(self, until: float) -> None:
        page = self.patiently(lambda: self.browser.get("/sign-in/password/"), until)
        form = self.form_of(page, "phone", "password")
        typed = {"phone": self.phone, "password": self.password}
        self.patiently(lambda: self.browser.send(page, form, typed), until)
        if "sessionid" not in self.browser.cookies:
            raise Refused(f"leader {self.phone} was not signed in")

    def act(self) -> None:
        """Take one case of the to-do list a step on: sign for it, or finish it."""
        try:
            page = self.browser.get("/cases/")
            if page.path.startswith("/sign-in/"):
                self.sign_in(time.monotonic() + STUBBORN)
                return
            numbers = re.findall(r'href="/cases/(ZH-\w{4}-\w{4})/"', page.text)
            if numbers:
                self._take_on(self.chance.choice(numbers))
        except NotAnswered:
            time.sleep(PRESS_AGAIN)
        except Refused as refusal:
            self.book.wonder(str(refusal))

    def _take_on(self, number: str) -> None:
        page = self.browser.get(f"/cases/{number}/")
        form = page.form_to("/sign/")
        if form is not None:
            self._press(number, "sign", page, form, {})
        elif f"/cases/{number}/finish/" in page.text:
            page = self.browser.get(f"/cases/{number}/finish/")
            self._press(
                number, "finish", page, self.form_of(page, "words", "version"), {"words": "灯已换好，试过能亮。"}
            )

    def _press(self, number: str, verb: str, page: Page, form: Form, typed: Mapping[str, str]) -> None:
        """Once: whoever gets no answer looks at the list again."""
        if self.browser.send(page, form, typed).location.startswith("/cases/"):
            self.book.act(number, verb)
