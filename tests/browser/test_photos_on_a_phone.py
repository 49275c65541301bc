"""What phones send: a photo of an iPhone, a long screenshot, a strip one pixel wide; a damaged one; a disk that is full."""

import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from cases.models import Upload
from photos import sizes
from tests.browser.test_request_on_a_phone import look, sign_in_by_code
from tests.photos.pictures import heic, picture, png, saved
from tests.support.machine import PHONE, wait_until

pytestmark = [pytest.mark.needs_browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def middling_is_large(monkeypatch):
    """In this process: what takes a megabyte waits for the worker."""
    monkeypatch.setattr(sizes, "WAITS_FROM", sizes.MB)


def screenshot() -> bytes:
    image = Image.new("RGB", (1080, 9000), "white")
    draw = ImageDraw.Draw(image)
    for line in range(0, 9000, 90):
        draw.text((40, line), f"Line {line // 90}: the lamp in the stairway is broken", fill="black", font_size=42)
    return saved(image, "PNG")


def a_file(name: str, content: bytes) -> dict:
    return {"name": name, "mimeType": "", "buffer": content}


def on_screen_two(page: Page) -> None:
    sign_in_by_code(page, "13900001111", "王女士")
    page.get_by_role("link", name="我要反映").last.click()
    page.get_by_label("在哪个小区").select_option(label="宜和佳苑")
    page.get_by_label("哪一栋").select_option(label="3幢1单元")
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("是什么事").fill("3幢1单元的楼道灯坏了三天。")


def test_what_phones_send_is_taken_and_seen(new_page, worker, defaults, town, staff):
    page = new_page(**PHONE)
    on_screen_two(page)
    files = [
        a_file("IMG_0001.HEIC", heic((1200, 900), "teal")),
        a_file("长截屏.png", screenshot()),
        a_file("窄条.png", png((1, 700))),
    ]
    page.get_by_label("照片").set_input_files(files)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("照片“IMG_0001.HEIC”正在处理")).to_be_visible()
    look(page, "photos-1-confirm")
    page.get_by_role("link", name="改一改").click()
    expect(page.get_by_text("照片“长截屏.png”正在处理")).to_be_visible()
    expect(page.get_by_alt_text("已收下的照片 3")).to_be_visible()
    look(page, "photos-2-words")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    number = re.search(r"ZH-\w{4}-\w{4}", page.locator("main").inner_text()).group(0)
    page.goto(f"/cases/{number}/")
    expect(page.locator(".timeline .photo-note")).to_have_count(2)
    look(page, "photos-3-waiting")
    worker.start()
    wait_until(lambda: not Upload.objects.exists(), why=lambda: worker.log.read_text()[-2000:])
    page.reload()
    shown = page.locator(".timeline .photo-list img")
    expect(shown).to_have_count(3)
    for picture_of in shown.all():
        picture_of.scroll_into_view_if_needed()
        wait_until(lambda image=picture_of: image.evaluate("image => image.complete && image.naturalWidth > 0"))
    look(page, "photos-4-made")
    page.locator(".timeline .photo-list a").nth(1).click()
    assert page.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1080, 9000]


def test_a_damaged_one_is_said_at_its_place(new_page, worker, defaults, town, staff):
    page = new_page(**PHONE)
    on_screen_two(page)
    whole = saved(Image.effect_noise((1200, 900), 80).convert("RGB"), "JPEG")
    page.get_by_label("照片").set_input_files([a_file("IMG_2.jpg", whole[: len(whole) // 2])])
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    number = re.search(r"ZH-\w{4}-\w{4}", page.locator("main").inner_text()).group(0)
    worker.start()
    wait_until(lambda: Upload.objects.exclude(refused="").exists(), why=lambda: worker.log.read_text()[-2000:])
    page.goto(f"/cases/{number}/")
    expect(page.locator(".timeline .photo-note")).to_have_text(
        "“IMG_2.jpg”已损坏或没有传完整，请重新拍一张或再传一次。"
    )
    look(page, "photos-5-damaged")


def test_a_full_disk_costs_the_photo_and_no_word(new_page, defaults, town, staff, no_room):
    page = new_page(**PHONE)
    on_screen_two(page)
    page.get_by_label("照片").set_input_files([a_file("灯.jpg", picture(size=(300, 200)))])
    page.get_by_role("button", name="下一步").click()
    expect(page.locator(".field-error")).to_contain_text("现在存不下照片")
    look(page, "photos-6-no-room")
    assert page.get_by_label("是什么事").input_value() == "3幢1单元的楼道灯坏了三天。"
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"ZH-\w{4}-\w{4}"))
