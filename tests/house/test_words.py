"""What people read is Chinese: no English, no value of a program, no sign that no typeface has, on any page of any role."""

import re

import pytest
from lxml import html

from tests.house.test_permissions import case as case
from tests.support.addresses import address_of, arguments
from tests.support.asking import OPENS
from tests.support.everybody import by_turns, each_once
from tests.support.reckoning import Ground, may_enter

KNOWN = {
    "PDF", "CSV", "csv", "Excel", "Word", "WPS", "XLSX", "xlsx", "XLS", "ODS", "JPEG", "PNG",
    "WEBP", "HEIC", "MB", "KB", "GB", "UTF", "DPI", "Redis", "PostgreSQL", "API", "OpenAPI", "JSON",
    "iCalendar", "iCal", "QR", "WGS", "Wilson", "ID", "Control", "Mac", "Command", "TOTP", "suppressed", "ZIP", "esc",
}  # fmt: skip
"""Names that officials and residents know in Latin letters."""
NO_WORDS = re.compile(
    r"\b[A-Z]{2}-[0-9A-Z-]+|\b[A-Z2-7]{32}\b|(?<=[\u4e00-\u9fff])(?:own|sister|foreign)|https?://\S+|"
    r"\b[\w.-]+@[\w.-]+|\b\S+\.(?:csv|xlsx?|pdf|docx|geojson|ics|json)\b|[0-9a-f]{8,}"
)
"""Numbers, secrets of a second factor, how the people of the test are told apart, addresses, names of files, checksums."""
SPOKEN = ("placeholder", "aria-label", "title", "alt", "data-label")
VALUE_OF_A_PROGRAM = re.compile(r"-{4,}|\b(?:True|False|None|null|undefined|NaN)\b|\{\{|\{%|�|<[a-z]+ object")
SILENT = ["script", "style", "template", "svg", "code", "noscript"]
LATIN = re.compile(r"[A-Za-z]{2,}")
SHARES = 4
READERS = 5
"""Of each page."""


def read_aloud(page: str) -> list[str]:
    """All that a person sees or hears of it, piece by piece."""
    tree = html.fromstring(page)
    for element in [*tree.iter(*SILENT), *tree.find_class("material-symbols-outlined")]:
        element.drop_tree()
    texts = [
        text for element in tree.iter() if isinstance(element.tag, str) for text in (element.text, element.tail) if text
    ]
    texts += [element.get(name) for element in tree.iter() for name in SPOKEN if element.get(name)]
    texts += [element.get("value") for element in tree.iter("input") if element.get("type") in {"submit", "button"}]
    return [" ".join(text.split()) for text in texts if text.strip()]


def strange(page: str) -> list[str]:
    texts = []
    for text in read_aloud(page):
        if VALUE_OF_A_PROGRAM.search(text) or set(LATIN.findall(NO_WORDS.sub(" ", text))) - KNOWN:
            texts.append(text[:80])
    return texts


def test_it_finds_what_is_strange():
    page = "<h1>事项</h1><p>Category</p><p>True</p><input placeholder='Search'><option>---------</option>"
    assert strange(page) == ["Category", "True", "---------", "Search"]
    assert strange("<p>ZH-7K3M-9QXT 的 PDF，见 https://portal.example.cn/x 和 名单.csv</p>") == []


@pytest.mark.parametrize("share", range(SHARES))
def test_all_pages_of_all_roles_are_in_chinese(case, everybody, town, resident, neighbour, staff, share):
    args, ground = arguments(case, town, resident, neighbour, staff), Ground(case, resident)
    places: dict[str, str] = {}
    for turn, (door, rule) in enumerate([(door, rule) for door, rule in OPENS.items() if rule][share::SHARES]):
        address = address_of(door, args)
        let_in = [somebody for somebody in each_once(everybody) if may_enter(rule, somebody, ground.thing(door))]
        for somebody in by_turns(let_in, turn, READERS):
            answer = somebody.client.get(address)
            if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
                for text in strange(answer.content.decode()):
                    places.setdefault(text, f"{door} as {somebody.name}")
    assert not places, "\n".join(f"{where}: {text}" for text, where in places.items())
