"""The portal without a network: what is written then is kept on the phone and sent later, once, by whoever wrote it. And
photos that are made smaller before they leave it."""

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from tests.browser.test_request_on_a_phone import look, sign_in_by_code
from tests.photos.pictures import picture
from tests.support.machine import PHONE, wait_until

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]

READY = """async () => {
    await navigator.serviceWorker.ready;
    const { known } = await import("/static/js/outbox.js");
    return Boolean(await known());
}"""


def get_ready(page: Page) -> None:
    """As whoever has opened 我要反映 once with a network."""
    page.goto("/requests/new/")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    wait_until(lambda: page.evaluate(READY))


def write_without_a_network(page: Page, words: str) -> None:
    page.context.set_offline(True)
    page.goto("/cases/")
    expect(page.get_by_role("heading", name="现在没有网络")).to_be_visible()
    page.get_by_role("button", name="先存在手机上").click()
    expect(page.get_by_text("请选择在哪里。")).to_be_visible()
    page.get_by_label("在哪里").select_option(label="宜和社区 宜和佳苑")
    page.get_by_label("是什么事").fill(words)
    page.get_by_label("照片").set_input_files(
        {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(800, 600))}
    )
    page.get_by_role("button", name="先存在手机上").click()
    expect(page.get_by_text("存好了")).to_be_visible()


def test_what_was_written_without_a_network_is_sent_once(new_page, defaults, town, staff):
    page = new_page(**PHONE)
    sign_in_by_code(page, "13900001111", "王女士")
    get_ready(page)
    write_without_a_network(page, "三号楼楼道的灯不亮，晚上看不见路。")
    look(page, "offline-1-kept")
    assert not Case.objects.exists()
    page.context.set_offline(False)
    page.goto("/")
    expect(page.get_by_text("送出了，由")).to_be_visible()
    look(page, "offline-2-sent")
    case = Case.objects.get()
    assert case.attachments.count() == 1
    page.reload()
    page.wait_for_load_state("networkidle")
    assert Case.objects.count() == 1


def test_somebody_else_on_the_same_phone_sends_nothing_of_theirs(new_page, defaults, town, staff):
    page = new_page(**PHONE)
    sign_in_by_code(page, "13900001111", "王女士")
    get_ready(page)
    write_without_a_network(page, "只有我自己能送的话。")
    page.context.set_offline(False)
    page.context.clear_cookies()
    sign_in_by_code(page, "13900002222", "李先生")
    page.wait_for_load_state("networkidle")
    assert not Case.objects.exists()


def test_a_photo_is_made_smaller_before_it_leaves_the_phone(new_page, defaults, town, staff):
    page = new_page(**PHONE)
    sign_in_by_code(page, "13900001111", "王女士")
    page.goto("/requests/new/")
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_role("button", name="下一步").click()
    files = [
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(3200, 2400))} for number in range(2)
    ]
    page.get_by_label("照片").set_input_files(files)
    expect(page.get_by_alt_text("选好的照片 2：1.jpg")).to_be_visible(
        timeout=20_000
    )  # two large ones are made smaller first
    look(page, "offline-3-photos")
    width = """async () => (await createImageBitmap(document.querySelector("input[type=file]").files[0])).width"""
    assert page.evaluate(width) == 1600
    page.get_by_role("button", name="不要选好的第 1 张").click()
    expect(page.get_by_alt_text("选好的照片 2：1.jpg")).to_have_count(0)
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 1
