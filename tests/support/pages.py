"""What a page says and where: a number or a short word is looked for in its place, for somewhere in the whole of a page it
may stand by chance (in a key, a date, the navigation)."""

from collections.abc import Iterator
from typing import Any

from django.test import Client
from lxml import html

MAIN = "//main"
HEADING = "//h1 | //h2"
MESSAGE = "//*[@role='status']"
"""What was done, or not."""
ERROR = (
    "//*[contains(@class, 'field-error') or contains(@class, 'error-summary') or contains(@class, 'errorlist') or contains(@class, 'errornote')]"
    " | //form//div[contains(concat(' ', @class, ' '), ' errors ')]//ul"
)
"""What is refused, at its field or above all; on pages of the admin too."""
NOTICE = "//p[contains(concat(' ', @class, ' '), ' notice ')]"
"""What a page says of how things stand, in a box."""
CARD = "//*[contains(concat(' ', @class, ' '), ' person-card ')]"
LIST = "//*[@class='place-list']"
PARTIES = "//*[@class='party-list']"
TIMELINE = "//*[@class='timeline']"
BUTTON = "//button | //a[contains(@class, 'button')]"


def words(page: Any, path: str) -> list[str]:
    """What each element says that `path` (XPath) finds, blanks made one. `page`: an answer of the test client, or HTML."""
    return [" ".join(element.text_content().split()) for element in _parsed(page).xpath(path)]


def inside(page: Any, path: str = MAIN) -> str:
    """The same in one line."""
    return " ".join(words(page, path))


def links(page: Any, path: str) -> list[str]:
    """Where these elements lead."""
    return [element.get("href") for element in _parsed(page).xpath(path)]


def every_page(client: Client, path: str) -> Iterator[Any]:
    """A list from its first page to its last, as one goes through it."""
    ask: str | None = path
    while ask is not None:
        answer = client.get(ask)
        yield answer
        following = links(answer, "//nav[@class='pager']//a[text()='下一页']")
        ask = path.partition("?")[0] + following[0] if following else None


def value(page: Any, name: str) -> str:
    """What stands in the field of that name."""
    (field,) = _parsed(page).xpath("//input[@name=$name] | //textarea[@name=$name]", name=name)
    return str(field.value or "").strip()


def _parsed(page: Any) -> Any:
    return html.fromstring(page if isinstance(page, str) else page.content.decode())
