"""Putting what somebody had written back into the form of a page. Pure: text in, text out.

The page is read as it is sent, and only the values of its fields are written anew; every other byte stays. So it serves for
each form of the house and of the admin, whatever made it, and nothing has to be done in a view."""

import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

Values = Mapping[str, list[str]]
"""Field name → what was sent under it."""
Attributes = dict[str, str | None]

NEVER = frozenset({"csrfmiddlewaretoken", "version", "text_sha256", "screen", "kept_form"})
"""Hidden fields that say which page this is: always the new page's own."""
ONCE = frozenset({"key", "submit_key"})
"""Hidden fields by which a form sent twice is taken once: the old one goes along."""
MANAGEMENT = re.compile(r".+-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS")
ROW = re.compile(r"(.+-\d+)-")
"""A row of a formset."""
NOT_FILLED = frozenset({"password", "file", "submit", "button", "image", "reset"})


@dataclass
class Tag:
    """A start tag and where it stands."""

    name: str
    attributes: Attributes
    start: int
    end: int

    @property
    def field(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        """Of an input; the tag's own name for the others."""
        return (self.attributes.get("type") or "text").lower() if self.name == "input" else self.name

    @property
    def value(self) -> str:
        return self.attributes.get("value") or ""

    @property
    def is_hidden(self) -> bool:
        return self.kind == "hidden"

    @property
    def is_fixed(self) -> bool:
        return "readonly" in self.attributes or "disabled" in self.attributes


@dataclass
class Control:
    tag: Tag
    inside: tuple[int, int] = (0, 0)
    """Where a textarea's text stands."""
    options: list[Tag] = field(default_factory=list)


@dataclass
class FoundForm:
    tag: Tag
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {control.tag.field for control in self.controls}


def refill(
    page: str,
    *,
    address: str,
    action: str,
    values: Values,
    note: Callable[[list[str]], str],
    sent: frozenset[str] | None = None,
) -> str:
    """`page` as it came from `address`, its form that posts to the path `action` filled with `values`; at the form's head
    what `note` says (HTML) of the words that found no field. Without such a form, the page as it was. `sent`: the page
    answers a form with these fields, which it shows by itself; only others are filled."""
    form = _form_for(page, address, action, values)
    if form is None:
        return page
    blocked = set(_strange_rows(form, values))
    edits: dict[tuple[int, int], str] = {}
    placed = set(form.names)
    for control in form.controls:
        row = ROW.match(control.tag.field)
        if row and row[1] in blocked:
            placed.discard(control.tag.field)
        elif sent is None or _is_absent(control, sent):
            edits |= _edits(page, control, values, placed)
    edits[form.tag.end, form.tag.end] = note(words_of(values, placed=placed))
    return _edited(page, edits)


def _form_for(page: str, address: str, action: str, values: Values) -> FoundForm | None:
    """The one that was sent. Of several with one address, whose fields agree best; none whose hidden fields say that it is
    about something else."""
    fitting = [
        form
        for form in read_forms(page)
        if (form.tag.attributes.get("method") or "").lower() == "post"
        and urlsplit(urljoin(address, form.tag.attributes.get("action") or "")).path == action
        and not _is_about_something_else(form, values)
    ]
    return max(fitting, key=lambda form: len(form.names & values.keys()), default=None)


def _says_what(control: Control, values: Values) -> bool:
    """Whether this hidden field says otherwise than what was sent did."""
    name = control.tag.field
    is_ours = control.tag.is_hidden and name not in NEVER | ONCE and not MANAGEMENT.fullmatch(name)
    return is_ours and name in values and control.tag.value != "" and control.tag.value not in values[name]


def _is_about_something_else(form: FoundForm, values: Values) -> bool:
    return any(_says_what(control, values) and not ROW.match(control.tag.field) for control in form.controls)


def _strange_rows(form: FoundForm, values: Values) -> Iterator[str]:
    """Rows of a formset that are another row by now: somebody took one away meanwhile."""
    for control in form.controls:
        row = ROW.match(control.tag.field)
        if row and _says_what(control, values):
            yield row[1]


def _is_absent(control: Control, sent: frozenset[str]) -> bool:
    """Whether the form just sent had no such field. An empty box is not sent either, so boxes stay as they are."""
    is_box = control.tag.kind == "checkbox" or "multiple" in control.tag.attributes
    return control.tag.field not in sent and not is_box


def _edits(page: str, control: Control, values: Values, placed: set[str]) -> dict[tuple[int, int], str]:
    """What to write where. A value that this field does not offer is no longer `placed`."""
    tag, name = control.tag, control.tag.field
    if not name or name in NEVER or tag.kind in NOT_FILLED or tag.is_fixed or MANAGEMENT.fullmatch(name):
        return {}
    if tag.is_hidden:
        # One with a value of its own belongs to the page; an empty one carries words of another step.
        is_words = name in ONCE or not tag.value
        return _set(page, tag, "value", values[name][-1]) if is_words and values.get(name) else {}
    if tag.kind in {"checkbox", "radio"}:
        if tag.kind == "radio" and name not in values:
            return {}
        return _set(page, tag, "checked", "" if (tag.value or "on") in values.get(name, []) else None)
    if tag.kind == "select":
        return _choose(page, control, values, placed)
    if not values.get(name):
        return {}
    if tag.kind == "textarea":
        return {control.inside: "\n" + escape(values[name][-1], quote=False)}
    return _set(page, tag, "value", values[name][-1])


def _choose(page: str, control: Control, values: Values, placed: set[str]) -> dict[tuple[int, int], str]:
    name, is_multiple = control.tag.field, "multiple" in control.tag.attributes
    wanted = values.get(name, [])
    offered = {option.value for option in control.options}
    if not is_multiple and (not wanted or wanted[-1] not in offered):
        placed.discard(name)
        return {}
    edits: dict[tuple[int, int], str] = {}
    for option in control.options:
        edits |= _set(page, option, "selected", "" if option.value in wanted else None)
    return edits


def _set(page: str, tag: Tag, attribute: str, value: str | None) -> dict[tuple[int, int], str]:
    """The tag written anew with this attribute, or without it (None)."""
    if value is None and attribute not in tag.attributes:
        return {}
    attributes = {name: text for name, text in tag.attributes.items() if name != attribute}
    if value is not None:
        attributes[attribute] = value
    written = "".join(f' {name}="{escape(text or "")}"' if text else f" {name}" for name, text in attributes.items())
    ends = "/>" if page[tag.start : tag.end].endswith("/>") else ">"
    return {(tag.start, tag.end): f"<{tag.name}{written}{ends}"}


def _edited(page: str, edits: dict[tuple[int, int], str]) -> str:
    parts, at = [], 0
    for (start, end), text in sorted(edits.items()):
        parts += [page[at:start], text]
        at = end
    return "".join([*parts, page[at:]])


def words_of(values: Values, *, placed: Container[str] = ()) -> list[str]:
    """What was written, but for what is `placed`: no numbers of rows, no marks of the page."""
    return [
        value
        for name, texts in values.items()
        if name not in placed and name not in NEVER | ONCE and not MANAGEMENT.fullmatch(name)
        for value in texts
        if len(value.strip()) > 1 and not value.strip().isdecimal()
    ]


def read_forms(page: str) -> list[FoundForm]:
    reader = _Reader(page)
    reader.feed(page)
    reader.close()
    return reader.forms


class _Reader(HTMLParser):
    """Finds forms and their fields, and where in the text they stand."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FoundForm] = []
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._is_in_form = False
        self._open: Control | None = None

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start = self._offset()
        start_tag = Tag(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""))
        if tag == "form":
            self.forms.append(FoundForm(start_tag))
            self._is_in_form = True
        elif not self._is_in_form:
            return
        elif tag in {"input", "button"}:
            self.forms[-1].controls.append(Control(start_tag))
        elif tag in {"textarea", "select"}:
            self._open = Control(start_tag, inside=(start_tag.end, start_tag.end))
            self.forms[-1].controls.append(self._open)
        elif tag == "option" and self._open is not None:
            self._open.options.append(start_tag)

    def handle_startendtag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(name, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in_form = False
        elif self._open is not None and tag == self._open.tag.name:
            self._open.inside = (self._open.tag.end, self._offset())
            self._open = None
