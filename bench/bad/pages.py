"""What a page asks for: its forms with every field, and what its links say after the question mark."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import parse_qsl, urljoin, urlsplit

from PIL import Image

IGNORED = {"csrfmiddlewaretoken"}
TEXT, CHOICE, FILE, NUMBER, TICK, HIDDEN = "text", "choice", "file", "number", "tick", "hidden"
KINDS = {"file": FILE, "number": NUMBER, "checkbox": TICK, "radio": CHOICE, "hidden": HIDDEN}


@dataclass
class Field:
    name: str
    kind: str
    type: str = "text"
    values: list[str] = field(default_factory=list)
    """What it has on the page, or offers."""
    chosen: list[str] = field(default_factory=list)
    accept: str = ""
    least: str = ""

    @property
    def good(self) -> str:
        """Something it will take, as far as the page tells."""
        if self.chosen:
            return self.chosen[0]
        if self.kind in (CHOICE, TICK):
            return next((value for value in self.values if value), "on" if self.kind == TICK else "")
        if self.values and self.values[0]:
            return self.values[0]
        return _sample(self)


@dataclass
class Form:
    action: str
    method: str
    is_multipart: bool
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def good(self) -> dict[str, str]:
        return {name: asked.good for name, asked in self.fields.items() if asked.kind != FILE}


@dataclass
class Page:
    forms: list[Form] = field(default_factory=list)
    query: dict[str, str] = field(default_factory=dict)
    """Name -> value in a query of one of its links to itself."""


def _sample(asked: Field) -> str:
    tomorrow = date.today() + timedelta(days=1)
    by_type = {
        "date": tomorrow.isoformat(),
        "datetime-local": f"{tomorrow}T15:00",
        "time": "09:00",
        "month": f"{tomorrow:%Y-%m}",
        "number": asked.least or "1",
        "tel": "13800139999",
        "email": "a@example.cn",
        "url": "https://example.cn/",
        "hidden": "",
    }
    if asked.type in by_type:
        return by_type[asked.type]
    return "13800139999" if "phone" in asked.name else "1" if asked.type == "decimal" else "试一试这一项"


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "#446655").save(out, "JPEG")
    return out.getvalue()


def read(html: str, address: str) -> Page:
    reader = _Reader(address)
    reader.feed(html)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.page, self.address = Page(), address
        self.form: Form | None = None
        self.select: Field | None = None
        self.area: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.address, attributes.get("action") or self.address)
            is_multipart = "multipart" in attributes.get("enctype", "")
            self.form = Form(action, attributes.get("method", "get").lower(), is_multipart)
            self.page.forms.append(self.form)
        elif tag == "a":
            self._follow(attributes.get("href", ""))
        elif tag == "option" and self.select:
            self.select.values.append(attributes.get("value", ""))
            self.select.chosen += [attributes.get("value", "")] if "selected" in attributes else []
        elif (
            tag in {"input", "button", "select", "textarea"}
            and self.form
            and attributes.get("name") not in {None, "", *IGNORED}
        ):
            self._ask(tag, attributes, self.form)

    def _ask(self, tag: str, attributes: dict[str, str], form: Form) -> None:
        name, kind = attributes["name"], attributes.get("type", "submit" if tag == "button" else "text")
        if kind in {"submit", "button", "image", "reset"}:
            form.buttons.append((name, attributes.get("value", "")))
            return
        asked = form.fields.setdefault(name, Field(name, KINDS.get(kind, TEXT), kind))
        if tag == "select":
            asked.kind, self.select = CHOICE, asked
        elif tag == "textarea":
            self.area = asked
        else:
            asked.values.append(attributes.get("value", "on" if kind == "checkbox" else ""))
            asked.chosen += [asked.values[-1]] if "checked" in attributes else []
            asked.accept, asked.least = attributes.get("accept", ""), attributes.get("min", "")
            asked.type = "decimal" if attributes.get("inputmode") in {"decimal", "numeric"} else kind

    def _follow(self, href: str) -> None:
        """A link to the page itself with other words after the question mark."""
        target = urlsplit(urljoin(self.address, href))
        if target.query and target.path == urlsplit(self.address).path:
            for name, value in parse_qsl(target.query):
                self.page.query.setdefault(name, value)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.values = [(self.area.values or [""])[0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None
