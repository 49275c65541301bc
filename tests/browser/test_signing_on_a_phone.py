"""Both parties sign a written agreement with a finger on their phones; the paper carries both hands."""

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.papers.pdf import paper_pdf
from disputes.defaults import load_defaults
from disputes.models import Signature
from disputes.services import papers
from tests.browser.test_request_on_a_phone import look, sign_in_by_code
from tests.cast import MONDAY
from tests.disputes.conftest import apply, draft, fill_in, meet, take_on
from tests.disputes.conftest import look as keep
from tests.machine import PHONE

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def drafted(defaults, town, staff, resident, neighbour) -> Case:
    load_defaults()
    case, leader = apply(resident, neighbour, town), staff["group_leader"]
    take_on(case, leader, neighbour)
    meet(case, leader)
    draft(case, leader, form="written")
    fill_in(case)
    return case


def sign_by_hand(page: Page, number: str) -> None:
    page.goto(f"/cases/{number}/")
    page.get_by_role("link", name="签名确认").click()
    box = page.get_by_label("签名框").bounding_box()
    for left, down in ((40, 30), (180, 60)):
        page.mouse.move(box["x"] + left, box["y"] + down)
        page.mouse.down()
        page.mouse.move(box["x"] + left + 60, box["y"] + down + 70, steps=6)
        page.mouse.move(box["x"] + left + 100, box["y"] + down + 10, steps=6)
        page.mouse.up()


def test_both_sign_on_their_phones(new_page, drafted, staff, resident, neighbour):
    for person, name in ((resident, "60-asker-signs"), (neighbour, "61-other-signs")):
        page = new_page(**PHONE)
        sign_in_by_code(page, person.phone, person.name)
        sign_by_hand(page, drafted.number)
        look(page, name)
        page.get_by_role("button", name="同意协议并签名").click()
        expect(page.locator("main")).to_contain_text("签好了")
    drafted.refresh_from_db()
    assert (drafted.state, drafted.outcome) == ("performing", "settled_written")
    assert Signature.objects.filter(how="drawn").count() == 2
    made = papers.papers_for(drafted, staff["group_leader"], at=MONDAY)
    paper = next(one for one in made if one.code == "agreement")
    assert paper.missing == []
    keep(paper_pdf(paper.sheet), "signed-on-phones")
    page.goto(f"/disputes/{drafted.number}/papers/")
    look(page, "62-papers")
