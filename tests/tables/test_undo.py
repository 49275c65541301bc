"""What spreadsheets make of numbers and of names like 3-2, undone where it can be and refused where it cannot."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from tables.cells import date_cell, guarded, plain_number, unguarded
from tables.number_formats import BUILT_IN, parts_shown
from tables.undo import name, number

SECOND_OF_MARCH, FIRST_OF_MARCH = datetime(2026, 3, 2), datetime(2026, 3, 1)

NUMBERS = {
    "20261120000123457": "20261120000123457",
    "３": "3",
    "3.0": "3",
    "3.00": "3",
    "13800138000.0": "13800138000",
    "-7": "-7",
    "007": "007",
    "'00123": "00123",
    "\t20261120000123457": "20261120000123457",
    " GD-2026/11 ": "GD-2026/11",
    "2026E11": "2026E11",
    "12E5": "12E5",
    "3.5": "3.5",
    "3.05": "3.05",
    "": "",
}
SPOILT = ["2.02611E+16", "2.02611e+16", "2.0261120000123460E+16", "１.３８００１Ｅ+10", "'2.02611E+16"]
IN_A_FILE = {
    "3": "3",
    "3.0": "3",
    "0.1": "0.1",
    "0.10000000000000001": "0.1",
    "1E-3": "0.001",
    "1.3800138E+10": "13800138000",
    "-2.50": "-2.5",
    "350725001008001": "350725001008001",
    "20261120000123457": "20261120000123457",
    "2.0261120000123401E+16": "2.02611200001234E+16",
}
NAMES = {
    "3": "3",
    "3.0": "3",
    "3幢": "3幢",
    "３幢": "3幢",
    " 3 幢 ": "3幢",
    "三幢": "三幢",
    "3-2": "3-2",
    "３－２": "3-2",
    "3–2": "3-2",
    "3-2-501": "3-2-501",
    "3月2日": "3-2",
    "12月30日": "12-30",
    "2-Mar": "3-2",
    "Feb-13": "13-2",
    "2026-03-02": "3-2",
    "2026/3/2": "3-2",
    "2026年3月2日": "3-2",
    "2026年3月": "26-3",
    "2026-03-02 00:00:00": "3-2",
    "Block A": "Block A",
    "朝阳轩 A座": "朝阳轩A座",
    "3.5": "3.5",
    "": "",
}
TWO_NAMES = {
    "2026-03-01": "3-1 或 26-3",
    "13-Feb": "2-13 或 13-2",
    "Feb-45": "2-45 或 45-2",
    "2012年3月": "3-12 或 12-3",
}


@pytest.mark.parametrize(("text", "plain"), NUMBERS.items())
def test_identifiers(text, plain):
    assert number(text) == plain


@pytest.mark.parametrize("text", SPOILT)
def test_an_identifier_that_lost_digits_is_refused_with_the_way_out(text):
    with pytest.raises(ValidationError, match="科学计数，后几位已经丢失。请从原系统重新导出，先把这一列设为“文本”格式"):
        number(text)


@pytest.mark.parametrize(("text", "plain"), IN_A_FILE.items())
def test_numbers_as_files_have_them(text, plain):
    assert plain_number(text) == plain


@pytest.mark.parametrize(("text", "door"), NAMES.items())
def test_names_of_doors(text, door):
    assert name(text) == door


@pytest.mark.parametrize(
    ("moment", "shows", "door"),
    [
        (SECOND_OF_MARCH, "md", "3-2"),
        (FIRST_OF_MARCH, "md", "3-1"),
        (datetime(2013, 2, 1), "ym", "13-2"),
        (SECOND_OF_MARCH, "ymd", "3-2"),
        (SECOND_OF_MARCH, "", "3-2"),
    ],
)
def test_names_of_doors_in_cells_that_became_dates(moment, shows, door):
    assert name(date_cell(moment, shows)) == door


@pytest.mark.parametrize(("text", "words"), TWO_NAMES.items())
def test_a_date_made_of_two_names_is_refused(text, words):
    with pytest.raises(ValidationError, match=f"是表格软件改成的日期，原来可能是 {words}"):
        name(text)
    with pytest.raises(ValidationError, match="3-1 或 26-3"):
        name(date_cell(FIRST_OF_MARCH))


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("General", ""),
        ("0", ""),
        ("#,##0.00", ""),
        ("0.00E+00", ""),
        ("@", ""),
        ("_ * #,##0.00_ ", ""),
        ("[h]:mm:ss", ""),
        ("yyyy-mm-dd", "ymd"),
        ("yyyy/m/d h:mm", "ymdt"),
        ("yyyy-mm-dd;@", "ymd"),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\"", "ymd"),
        ("[DBNum1][$-804]yyyy\"年\"m\"月\"", "ym"),
        ("m\"月\"d\"日\"", "md"),
        ("m\\-d", "md"),
        ("d-mmm", "md"),
        ("mmm-yy", "ym"),
        ("h:mm AM/PM", "t"),
        ("mm:ss.0", "t"),
        ("上午/下午h\"时\"mm\"分\"", "t"),
        ("m/d h:mm", "mdt"),
        (BUILT_IN["14"], "ymd"),
        (BUILT_IN["22"], "ymdt"),
        (BUILT_IN["57"], "ym"),
        (BUILT_IN["58"], "md"),
    ],
)  # fmt: skip
def test_which_formats_are_dates(code, parts):
    assert parts_shown(code) == parts


@pytest.mark.parametrize("text", ["=1+1", "-7", "+86", "@x", "'-7", "''=x", "\tx", "'x", "路灯", "", "'"])
def test_the_guard_goes_off_as_it_came_on(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t"}


def test_other_peoples_guards():
    assert unguarded("'-7") == "-7"
    assert unguarded('="00123"') == "00123"
    assert unguarded("'tis") == "'tis"
