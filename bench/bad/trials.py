"""What is tried at a door: bad values in the query, the address, each field, the headers and the whole body."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from bench.bad import asking, values
from bench.bad.asking import Sent
from bench.bad.pages import CHOICE, FILE, HIDDEN, NUMBER, TICK, Field, Form, picture
from bench.bad.world import Door

Ask = Callable[[str, str, Sent], None]
"""What is spoilt, with which value, and the request."""


class Finding(NamedTuple):
    wrong: str
    door: str
    who: str
    what: str
    """Which field, header or part, and the bad value's name."""
    sent: str


@dataclass
class Result:
    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Query:
    """Words after the question mark."""

    door: Door
    who: str
    names: list[str]
    good: dict[str, str]

    @property
    def fields(self) -> int:
        return len(self.names)

    def run(self, ask: Ask) -> None:
        good = [(name, value.encode()) for name, value in self.good.items()]
        for label, bad in values.EVERYWHERE.items():
            self._send(ask, "all", label, [(name, bad) for name in self.names])
        for name in self.names:
            others = [(other, value) for other, value in good if other != name]
            for label, bad in values.ALONE.items():
                self._send(ask, name, label, [*others, (name, bad)])
            self._send(ask, name, "twice", [*good, (name, b"1"), (name, b"x")])

    def _send(self, ask: Ask, name: str, label: str, query: list[tuple[str, bytes]]) -> None:
        ask(f"?{name}", label, Sent("GET", f"{self.door.address()}?{asking.encoded(query).decode()}"))


@dataclass
class Address:
    """Parts of the address itself."""

    door: Door
    who: str

    @property
    def fields(self) -> int:
        return len(self.door.captured)

    def run(self, ask: Ask) -> None:
        for name in self.door.captured:
            for label, bad in values.PATHS.items():
                address = self.door.address(**{name: quote_from_bytes(bad, safe="")})
                for method in ("GET", "POST"):
                    ask(f"<{name}>", label, Sent(method, address))


@dataclass
class Headers:
    door: Door
    who: str
    fields = 0

    def run(self, ask: Ask) -> None:
        for label, headers in values.HEADERS.items():
            ask("headers", label, Sent("GET", self.door.address(), headers=headers))


@dataclass
class Bodies:
    """Whatever is no form, or half of one."""

    door: Door
    who: str
    fields = 0

    def run(self, ask: Ask) -> None:
        for label, (content_type, body) in values.BODIES.items():
            ask("body", label, Sent("POST", self.door.address(), body, content_type))


@dataclass
class Filled:
    """A form with bad values: each in all fields at once, then alone in every field that did not refuse it at once."""

    door: Door
    who: str
    address: str
    form: Form
    button: tuple[str, str] | None
    foreign_ids: list[str]

    @property
    def fields(self) -> int:
        return len(self.form.fields)

    def run(self, ask: Ask) -> None:
        for label, bad in values.EVERYWHERE.items():
            self._try(ask, label, bad)
        self._try(ask, "missing", None)
        for asked in self.form.fields.values():
            for label, bads in self._own(asked):
                ask(asked.name, label, self._sent({asked.name: bads}))
            for label, file in values.FILES.items() if asked.kind == FILE else ():
                ask(asked.name, label, self._sent({}, {asked.name: file}))

    def _try(self, ask: Ask, label: str, bad: bytes | None) -> None:
        bads = [] if bad is None else [bad]
        asking.refused.clear()
        ask("all", label, self._sent(dict.fromkeys(self.form.fields, bads)))
        taken = self.form.fields.keys() - asking.refused
        for name in taken if len(self.form.fields) > 1 else ():
            ask(name, label, self._sent({name: bads}))

    def _own(self, asked: Field) -> Iterator[tuple[str, list[bytes]]]:
        """What concerns one field alone."""
        yield "twice", [asked.good.encode(), b"x"]
        if asked.kind in (CHOICE, TICK, HIDDEN, NUMBER):
            for number, key in enumerate(self.foreign_ids):
                yield f"id {number} of others", [key.encode()]
        if asked.kind == CHOICE:
            for value in asked.values[:30]:
                yield f"choice {value!r}"[:40], [value.encode()]

    def _sent(self, spoilt: dict[str, list[bytes]], files: dict[str, tuple[bytes, bytes]] | None = None) -> Sent:
        fields = {name: [value.encode()] for name, value in self.form.good.items()} | spoilt
        pairs = [(name, value) for name, several in fields.items() for value in several]
        if self.button:
            pairs.append((self.button[0], self.button[1].encode()))
        if self.form.method == "get":
            return Sent("GET", f"{self.address.partition('?')[0]}?{asking.encoded(pairs).decode()}")
        if not self.form.is_multipart:
            return Sent("POST", self.address, asking.encoded(pairs))
        sound = {
            asked.name: _sample_file(asked)
            for asked in self.form.fields.values()
            if asked.kind == FILE and asked.name not in spoilt
        }
        return Sent(
            "POST", self.address, _multipart(pairs, {**sound, **(files or {})}), "multipart/form-data; boundary=bound"
        )


def _sample_file(asked: Field) -> tuple[bytes, bytes]:
    if "image" in asked.accept or "photo" in asked.name or not asked.accept:
        return b"a.jpg", picture()
    return b"a.csv", "编号,时间,内容\n1,2026-11-20 09:00,路灯不亮\n".encode()


def _multipart(pairs: list[tuple[str, bytes]], files: dict[str, tuple[bytes, bytes]]) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value for name, value in pairs]
    parts += [
        f'Content-Disposition: form-data; name="{name}"; filename="'.encode() + file + b'"\r\n\r\n' + content
        for name, (file, content) in files.items()
    ]
    return b"".join(b"--bound\r\n" + part + b"\r\n" for part in parts) + b"--bound--\r\n"


@dataclass
class Api:
    """Fields of the API in JSON."""

    door: Door
    who: str
    good: dict[str, str]

    @property
    def fields(self) -> int:
        return len(self.good)

    def run(self, ask: Ask) -> None:
        for body in values.WHOLE_JSON:
            ask("body", body[:20], self._sent(body))
        for name in self.good:
            others = ",".join(f'"{other}": {value}' for other, value in self.good.items() if other != name)
            ask(name, "missing", self._sent(f"{{{others}}}"))
            for label, bad in values.JSON.items():
                ask(name, label, self._sent(f'{{{others}{"," if others else ""}"{name}": {bad}}}'))
            ask(name, "twice", self._sent(f'{{"{name}": 1, "{name}": 2}}'))

    def _sent(self, body: str) -> Sent:
        return Sent("POST", self.door.address(), body.encode(), "application/json")


Target = Query | Address | Headers | Bodies | Filled | Api
