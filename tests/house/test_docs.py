"""The pages under docs/ and the README say what the code does: commands, variables, diagrams, links, examples."""

import ast
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeGuard

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands

from accounts.entry import RULES
from accounts.limiter import LIMITS as RATES
from accounts.personal_data import EncryptedTextField
from accounts.privacy.holdings import HOLDINGS, KEEPINGS
from cases.engine.soundness import mermaid
from cases.limits import clock
from cases.limits.clock import ZONE, Limit, Unit
from cases.models.rules import Stage, stage_choices
from cases.workflow import WORKFLOWS
from dashboards.figures.measures import MEASURES
from grids.models import Level
from grids.roles import COUNTY, ROLES
from locks import Lock
from residents.defaults import FINISH_BY_CATEGORY, LIMITS
from tests.cases.limits.test_clock import CALENDAR
from tests.house.test_house import FLOOR
from tests.support.own_data import NOT_SHOWN, STAYS, table

ROOT = settings.BASE_DIR
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def test_the_overview_can_be_read_in_one_go():
    assert len((DOCS / "architecture.md").read_text().splitlines()) <= 250
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 80


def test_every_page_stands_in_an_index():
    """docs/README.md names all pages beside it and in docs/rooms, docs/decisions/README.md all decisions: one line each."""
    for index in sorted(DOCS.rglob("README.md")):
        named = re.findall(r"^[-|] ?.*?\]\(([^)#]+\.md)\)", index.read_text(), re.M)
        beside = {page.name for page in index.parent.glob("*.md")} - {"README.md"}
        below = {f"{page.parent.name}/{page.name}" for page in index.parent.glob("rooms/*.md")}
        assert sorted(name for name in named if "decisions/" not in name and ".." not in name) == sorted(
            beside | below
        ), index


@each_page
def test_commands_exist(page):
    for line in _commands(page):
        script, *words = line.split()
        assert os.access(ROOT / script, os.X_OK), f"{line}: no such script"
        if script == "script/manage":
            assert words[0] in get_commands(), f"{line}: no such command"
        if script == "script/bench" and words:
            assert (ROOT / f"bench/{words[0]}.py").exists(), f"{line}: no such bench"


def _commands(page: Path) -> Iterator[str]:
    """Command lines of ours in its ```sh blocks, variables in front of them and comments behind them left out."""
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S):
        for line in block.splitlines():
            command = re.sub(r"^(\w+=\S* +)+", "", line.partition(" #")[0])
            if command.startswith("script/"):
                yield command


@each_page
def test_links_lead_to_files_and_headings(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        if "://" not in target:
            file = page.parent / path if path else page
            assert file.exists(), f"{target}: no such file"
            assert not anchor or anchor in _anchors(file), f"{target}: no such heading"


def _anchors(page: Path) -> set[str]:
    """Of its headings, as GitHub and GitLab make them: small letters and signs of words, `-` for blanks."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    heads = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@each_page
def test_files_that_are_named_exist(page):
    rooms = "|".join([*FLOOR, "tests", "bench", "script", "docs", "templates", "static"])
    for name in re.findall(rf"`((?:{rooms})/[\w./-]+)`", page.read_text()):
        assert (ROOT / name).exists(), f"{name} is not there"


@each_page
def test_tests_that_are_named_exist(page):
    for path, function in re.findall(r"(tests/[\w/.-]+)::([\w\[\]-]+)", page.read_text()):
        assert (ROOT / path).is_file(), f"{path} is not there"
        body = ast.parse((ROOT / path).read_text()).body
        assert function in {node.name for node in body if isinstance(node, ast.FunctionDef)}, f"{path}::{function}"


ASVS = """
1.1.1-7 1.2.1-4 1.4.1,4-5 1.5.1-4 1.6.1-4 1.7.1-2 1.8.1-2 1.9.1-2 1.10.1 1.11.1-2 1.12.2 1.14.1-6
2.1.1-12 2.2.1-3 2.3.1-3 2.4.1-5 2.5.1-7 2.6.1-3 2.7.1-6 2.8.1-7 2.9.1-3 2.10.1-4
3.1.1 3.2.1-4 3.3.1-4 3.4.1-5 3.5.1-3 3.7.1
4.1.1-3,5 4.2.1-2 4.3.1-3
5.1.1-5 5.2.1-8 5.3.1-10 5.4.1-3 5.5.1-4
6.1.1-3 6.2.1-6 6.3.1-2 6.4.1-2
7.1.1-4 7.2.1-2 7.3.1,3-4 7.4.1-3
8.1.1-4 8.2.1-3 8.3.1-8
9.1.1-3 9.2.1-4
10.2.1-2 10.3.1-3
11.1.1-8
12.1.1-3 12.2.1 12.3.1-6 12.4.1-2 12.5.1-2 12.6.1
13.1.1,3-5 13.2.1-3,5-6 13.3.1-2 13.4.1-2
14.1.1-4 14.2.1-6 14.3.2-3 14.4.1-7 14.5.1-4
"""
"""Numbers of version 4.0.3 at levels one and two."""


def _asvs_numbers() -> Iterator[str]:
    for part in ASVS.split():
        section, _, items = part.rpartition(".")
        for item in items.split(","):
            first, _, last = item.partition("-")
            yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def _judged() -> list[tuple[str, str, str, str]]:
    """(number, what is asked, status, shown by or why) of each row of docs/security.md that begins with a number."""
    text = (DOCS / "security.md").read_text()
    rows = re.findall(r"^\| (\d+(?:\.\d+)+(?: [a-z])?) \| (.+) \| (\S+) \| (.+) \|$", text, re.M)
    assert len(rows) == len(re.findall(r"^\| *\d", text, re.M)), "a row has another shape than the others"
    return rows


def test_every_requirement_is_judged_once_in_its_order():
    assert [number for number, *_ in _judged() if number.count(".") == 2] == list(_asvs_numbers())
    others = [number for number, *_ in _judged() if number.count(".") != 2]
    assert len(set(others)) == len(others) > 20


@pytest.mark.parametrize(("status", "shown"), [pytest.param(*row[2:], id=row[0]) for row in _judged()])
def test_what_is_met_names_what_shows_it(status, shown):
    """A test, or code by path and name: `zhenghe/settings.py:X_FRAME_OPTIONS`. Everything else says why not."""
    assert status in {"met", "n/a", "open"}
    tests = re.findall(r"`tests/[\w/]+\.py::\w+`", shown)
    code = re.findall(r"`([\w-]*[/.][\w./-]*)(?::([\w.-]+))?`", re.sub(r"`tests/[^`]*::[^`]*`", "", shown))
    assert status != "met" or tests or code, "names neither a test nor code"
    assert status == "met" or re.search(r"\w{3}", re.sub(r"`[^`]*`", "", shown)), "does not say why"
    for path, name in code if status == "met" else ():
        assert (ROOT / path).exists(), f"{path} is not there"
        assert not name or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", (ROOT / path).read_text()), (
            f"no {name} in {path}"
        )


def test_every_setting_is_explained():
    assert _read_by_settings() - _explained() == set()


def test_every_explained_variable_is_read():
    files = [*(ROOT / "zhenghe").rglob("*.py"), *(ROOT / "script").iterdir(), *(ROOT / "tests").rglob("*.py")]
    code = "\n".join(path.read_text() for path in files)
    assert {name for name in _explained() if not re.search(rf"\b{name}\b", code)} == set()


def _explained() -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "settings.md").read_text(), re.M))


def _read_by_settings() -> set[str]:
    """What is asked of the environment by name: env_text("X"), os.environ.get("X")."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / "zhenghe/settings.py").read_text())):
        if isinstance(node, ast.Call) and re.match(r"env_\w+$|os\.environ\.get$", ast.unparse(node.func)):
            names |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
    return names


@pytest.mark.parametrize("name", ["requirements.in", "requirements-dev.in"])
def test_every_dependency_is_explained(name):
    explained = set(re.findall(r"^\| `([\w.-]+)` \|", (DOCS / "dependencies.md").read_text(), re.M))
    wanted = set(re.findall(r"^([A-Za-z][\w.-]*)", (ROOT / name).read_text(), re.M))
    assert wanted - explained == set()


def _roles() -> str:
    lines = ["| 职务 | code | sits on | leads | at a desk | may |", "|---|---|---|---|---|---|"]
    for code, role in ROLES.items():
        places = ["县" if level is COUNTY else Level(level).short for level in role.levels]
        cells = ["、".join(places), _yes(role.leads), _yes(role.is_desk), ", ".join(sorted(role.verbs))]
        lines.append(f"| {role.label} | `{code}` | {' | '.join(cell or '–' for cell in cells)} |")
    return "\n".join(lines)


def _yes(fact: bool) -> str:
    return "yes" if fact else ""


def _limits() -> str:
    lines = ["| stage | for | limit | source |", "|---|---|---|---|"]
    labels = dict(stage_choices())
    rows = [(stage, urgency and urgency.label, *limit) for stage, urgency, *limit in LIMITS]
    rows += [(Stage.FINISH, *row) for row in FINISH_BY_CATEGORY]
    for stage, what, amount, unit, source in rows:
        words = f"`{stage}` {labels[stage]} | {what or '–'} | {Limit(amount, Unit(unit))} | {source}"
        lines.append(f"| {words} |")
    return "\n".join(lines)


def _sum() -> str:
    lines = ["| | met | n/a | open |", "|---|---|---|---|"]
    for label, dots in (("OWASP ASVS", 2), ("等保", 3)):
        statuses = [status for number, _, status, _ in _judged() if number.count(".") == dots]
        lines.append(f"| {label} | {' | '.join(str(statuses.count(status)) for status in ('met', 'n/a', 'open'))} |")
    return "\n".join(lines)


def _rates() -> str:
    lines = ["| what | by | at most | in |", "|---|---|---|---|"]
    for what, rates in RATES.items():
        lines += [f"| `{what}` | {kind} | {rate.times} | {rate.seconds} s |" for kind, rate in rates.items()]
    return "\n".join(lines)


def _keepings() -> str:
    lines = ["| code | record | kept so many days |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| `{kept.code}` | {kept.label} | {kept.days} |" for kept in KEEPINGS)])


def _personal() -> str:
    lines = ["| room | record | personal fields |", "|---|---|---|"]
    for model in apps.get_models():
        if names := getattr(model, "PersonalData", None) and model.PersonalData.personal:
            shown = [_field(model._meta.get_field(name)) for name in names]
            lines.append(f"| {model._meta.app_label} | {model._meta.verbose_name} | {'、'.join(shown)} |")
    return "\n".join(lines)


def _field(field: Any) -> str:
    return f"**{field.verbose_name}**" if isinstance(field, EncryptedTextField) else str(field.verbose_name)


def _held() -> str:
    lines = ["| record | about whom | why | when its person is erased |", "|---|---|---|---|"]
    return "\n".join(
        [*lines, *(f"| {holding.label} | {holding.about} | {holding.why} | {holding.erased} |" for holding in HOLDINGS)]
    )


def _states() -> str:
    """Of every kind that a room registers, in their order."""
    return "\n\n".join(
        f"### {workflow.label} `{kind}`\n\n```mermaid\n{mermaid(workflow)}\n```" for kind, workflow in WORKFLOWS.items()
    )


def _rooms() -> str:
    """Each file of a room with the first sentence of its docstring, lowest floor first; what says nothing is left out."""
    parts = []
    for room in FLOOR:
        files = [path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
        docstrings = {path: ast.get_docstring(ast.parse(path.read_text())) or "" for path in files}
        rows = [
            f"| `{path.relative_to(ROOT)}` | {_first_sentence(words)} |" for path, words in docstrings.items() if words
        ]
        parts.append("\n".join([f"## {room}\n", "| file | what is in it |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _first_sentence(words: str) -> str:
    match = re.match(r".*?[.。](?= |$)|.*", " ".join(words.split()))
    return match[0].replace("|", "\\|") if match else ""


def _registered() -> dict[str, list[str]]:
    """Registry -> rooms whose apps.py fills it: calls of a `register` of ours, and lists and dicts that are added to."""
    registries: dict[str, dict[str, None]] = {}
    for room in FLOOR:
        path = ROOT / room / "apps.py"
        tree = ast.parse(path.read_text()) if path.exists() else ast.Module([], [])
        names: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        for node in ast.walk(tree):
            target = (
                node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Subscript) else None
            )
            head, dot, rest = ast.unparse(target).partition(".") if target else ("", "", "")
            filled = re.sub(r"\.(append|insert|extend|update)$", "", names.get(head, "") + dot + rest)
            if filled.startswith(tuple(FLOOR)) and re.search(r"\.(register|[A-Z_]{4,})$", filled):
                registries.setdefault(filled, {})[room] = None
    return {name: list(rooms) for name, rooms in registries.items()}


def _registries() -> str:
    """What each is for is written by hand, and stays."""
    text = (DOCS / "registries.md").read_text()
    words = dict(re.findall(r"^\| `([\w.]+)` \| [^|]* \| (.*) \|$", text, re.M))
    rows = [
        f"| `{name}` | {', '.join(rooms)} | {words.get(name, 'not said')} |"
        for name, rooms in sorted(_registered().items())
    ]
    return "\n".join(["| registry | filled by | what for |", "|---|---|---|", *rows])


def test_every_registry_says_what_it_is_for():
    assert len(_registered()) > 15
    assert "| not said |" not in (DOCS / "registries.md").read_text()


def _locks() -> str:
    """The numbers that PostgreSQL knows, with what the code says of each."""
    (declared,) = (node for node in ast.parse((ROOT / "locks/__init__.py").read_text()).body if _is_lock(node))
    docstrings = [node.value.value for node in declared.body[1:] if isinstance(node, ast.Expr)]
    rows = [f"| {lock.value} | `{lock.name}` | {words} |" for lock, words in zip(Lock, docstrings, strict=True)]
    return "\n".join(["| number | lock | what it guards |", "|---|---|---|", *rows])


def _is_lock(node: ast.stmt) -> TypeGuard[ast.ClassDef]:
    return isinstance(node, ast.ClassDef) and node.name == Lock.__name__


def _measures() -> str:
    rows = [
        f"| {measure.label} | {measure.means} | {measure.day or '现有'} | {measure.unit} |"
        for measure in MEASURES.values()
    ]
    return "\n".join(["| measure | how it is counted | on which day | unit |", "|---|---|---|---|", *rows])


GENERATED: dict[tuple[str, str], Callable[[], str]] = {
    ("rooms/grid.md", "roles"): _roles,
    ("security.md", "sum"): _sum,
    ("security.md", "rates"): _rates,
    ("security.md", "rules"): lambda: "\n".join(f"- `{word}`: {means}" for word, means in RULES.items()),
    ("privacy.md", "held"): _held,
    ("privacy.md", "personal"): _personal,
    ("privacy.md", "not shown"): lambda: table(NOT_SHOWN),
    ("privacy.md", "stays"): lambda: table(STAYS),
    ("privacy.md", "keepings"): _keepings,
    ("time-limits.md", "limits"): _limits,
    ("states.md", "states"): _states,
    ("files.md", "rooms"): _rooms,
    ("registries.md", "registries"): _registries,
    ("reliability.md", "locks"): _locks,
    ("rooms/figures.md", "measures"): _measures,
}
"""(page, block) -> what must stand between `<!-- generated: block -->` and `<!-- end -->`."""


@pytest.mark.parametrize(("page", "block"), GENERATED, ids=lambda part: part)
def test_generated_blocks_are_what_the_code_says(page, block):
    """A declaration that changed shows as a diff of the page: UPDATE_DOCS=1 writes the block anew."""
    wanted = GENERATED[page, block]()
    text = (DOCS / page).read_text()
    around = re.compile(rf"(<!-- generated: {re.escape(block)} -->\n)(.*?)\n?(<!-- end -->)", re.S)
    match = around.search(text)
    assert match, f"docs/{page} has no place for it: add <!-- generated: {block} --> and <!-- end -->"
    if os.environ.get("UPDATE_DOCS"):
        (DOCS / page).write_text(text[: match.end(1)] + wanted + "\n" + text[match.start(3) :])
    else:
        assert match[2] == wanted


MOMENT = r"\d{4}-\d\d-\d\d \w{3} \d\d:\d\d"


def _examples(moments: int) -> list[tuple[str, ...]]:
    """Rows `| begins | 5 work_day | moments … |` of docs/time-limits.md with so many moments behind the limit."""
    row = rf"^\| ({MOMENT}) \| (\d+) (\w+) " + rf"\| ({MOMENT}) " * moments + rf"\|(?! {MOMENT})"
    return re.findall(row, (DOCS / "time-limits.md").read_text(), re.M)


def _shown(moment: datetime) -> str:
    """2026-11-30 Mon 18:00; midnight is 24:00 of the day before."""
    if moment.time() == time(0):
        return f"{moment - timedelta(days=1):%Y-%m-%d %a} 24:00"
    return f"{moment:%Y-%m-%d %a %H:%M}"


def _begins(text: str) -> datetime:
    begin = datetime.strptime(text, "%Y-%m-%d %a %H:%M").replace(tzinfo=ZONE)
    assert _shown(begin) == text  # the day of the week, which strptime does not hold against the date
    return begin


@pytest.mark.parametrize(("begins", "amount", "unit", "ends"), _examples(1))
def test_worked_examples_are_right(begins, amount, unit, ends):
    assert _shown(clock.add(CALENDAR, _begins(begins), Limit(int(amount), Unit(unit)))) == ends


@pytest.mark.parametrize(("begins", "amount", "unit", "reminder", "overdue", "climbs"), _examples(3))
def test_examples_of_climbing_are_right(begins, amount, unit, reminder, overdue, climbs):
    """As cases/escalation.py has it: half of the limit reminds, half of it again after the end climbs."""
    begin, limit = _begins(begins), Limit(int(amount), Unit(unit))
    end = clock.add(CALENDAR, begin, limit)
    again = clock.add(CALENDAR, end, limit)
    counted = (clock.halfway(CALENDAR, begin, end, limit.unit), end, clock.halfway(CALENDAR, end, again, limit.unit))
    assert tuple(map(_shown, counted)) == (reminder, overdue, climbs)


def test_no_example_escapes():
    """A row these patterns do not read would not be counted."""
    rows = re.findall(r"^\| \d{4}-", (DOCS / "time-limits.md").read_text(), re.M)
    assert len(rows) == len(_examples(1)) + len(_examples(3)) > 20
