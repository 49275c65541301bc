"""Every table that comes in goes through the one reader: no other code can read one, and each door says its words."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from import_export.admin import ImportMixin

from tables.admin import TableAdmin, TableFile
from tables.heads import LAYOUTS
from tests.support.cast import signed_in
from tests.support.source import tree_of
from tests.tables.books import ods, ods_row

ROOMS = ["web", "papers", "accounts", "notices", "grids", "moderation", "cases", "imports", "residents", "disputes", "volunteers", "meetings", "dashboards", "operations", "open311", "webhooks", "locks", "zhenghe"]  # fmt: skip
READERS = {
    "csv.reader",
    "csv.DictReader",
    "openpyxl.load_workbook",
    "openpyxl.reader",
    "tablib.import_set",
    "tablib.Databook",
}
"""What only tables/ may use; `csv.writer` and `openpyxl.Workbook` write."""
PAGE = b"<html><table><tr><td>x</td></tr></table></html>"
WORDS = "这是网页或 XML 文件，不是表格"

MODULES = sorted(path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_other_module_reads_tables(path: Path):
    tree = tree_of(path)
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    assert not READERS & (used | imported)
    assert not {name for name in imported if name.split(".")[0] in {"python_calamine", "xlrd", "pandas"}}


@pytest.mark.parametrize(
    ("code", "is_reader"),
    [
        ("import csv\ncsv.DictReader([])", True),
        ("from csv import reader", True),
        ("from openpyxl import load_workbook", True),
        ("import csv\ncsv.writer([])", False),
    ],
)
def test_the_test_above_can_fail(code, is_reader, tmp_path):
    path = tmp_path / "room.py"
    path.write_text(code)
    if is_reader:
        with pytest.raises(AssertionError):
            test_no_other_module_reads_tables(path)
    else:
        test_no_other_module_reads_tables(path)


def test_every_admin_page_that_imports_reads_so():
    pages = [page for page in admin.site._registry.values() if isinstance(page, ImportMixin)]
    assert {page.layout.key for page in pages} == {"doors", "posts", "territory_posts", "categories"}
    for page in pages:
        assert isinstance(page, TableAdmin)
        assert [type(form()) for form in page.get_import_formats()] == [TableFile]


def test_every_layout_is_known_to_those_who_name_columns():
    assert set(LAYOUTS) == {
        "doors",
        "posts",
        "territory_posts",
        "categories",
        "calendar",
        "requests",
        "category_tree",
        "homes",
        "roster",
    }


PAGES = {
    "requests": ("/requests/import/", "file", "community_worker", {"source": "热线"}),
    "roster": ("/volunteers/roster/", "file", "community_worker", {}),
    "homes": ("/homes/", "file", "community_worker", {}),
    "calendar": ("/admin/cases/calendarday/add/", "file", "county_admin", {}),
    "doors": ("/admin/grids/building/import/", "import_file", "county_admin", {"resource": "0"}),
    "posts": ("/admin/grids/post/import/", "import_file", "county_admin", {"resource": "0"}),
    "territory_posts": ("/admin/grids/territorypost/import/", "import_file", "county_admin", {"resource": "0"}),
    "categories": ("/admin/cases/category/import/", "import_file", "county_admin", {"resource": "0"}),
}


@pytest.mark.parametrize("key", PAGES)
def test_each_page_says_the_readers_words(defaults, town, staff, key):
    url, field, who, form = PAGES[key]
    form = {**form, "place": town.estate.pk}
    for name, raw, words in (
        ("表.xls", PAGE, WORDS),
        ("表.ods", ods(ods_row("甲", "乙") + ods_row("1", "2")), "没有找到列名"),
        ("表.xlsx", b"PK\x03\x04", "打不开这个 Excel 文件"),
    ):
        answer = signed_in(staff[who]).post(url, {**form, field: SimpleUploadedFile(name, raw)})
        assert answer.status_code == 200
        assert words in " ".join(answer.context["form"].errors[field]), name


@pytest.mark.parametrize("command", ["import_requests", "import_roster", "import_categories"])
def test_each_command_says_them(defaults, town, staff, tmp_path, command):
    path = tmp_path / "表.xlsx"
    path.write_bytes(PAGE)
    with pytest.raises((CommandError, ValidationError), match=WORDS):
        call_command(command, str(path))
