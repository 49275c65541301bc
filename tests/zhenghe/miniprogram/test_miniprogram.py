"""miniprogram/ has tests of its own, by jest: here they are run with all others. Its client is tried on a real server."""

import json
import os

import pytest
from PIL import Image

from cases.models import Attachment, Case
from cases.services import route
from tests.support.cast import MONDAY
from tests.zhenghe.miniprogram.conftest import MINI

pytestmark = pytest.mark.needs_node


def test_its_own_tests_pass(node):
    node("npm", "test")


def test_a_main_package_is_as_small_as_wechat_wants(node):
    assert "main package" in node("npm", "run", "size")


@pytest.fixture
def photos(tmp_path) -> list[str]:
    for colour in ("red", "green"):
        Image.new("RGB", (20, 10), colour).save(tmp_path / f"{colour}.jpg")
    return [str(tmp_path / "red.jpg"), str(tmp_path / "green.jpg")]


@pytest.mark.django_db(transaction=True)
def test_its_client_files_once_with_photos_at_a_real_server(
    build, node, photos, live_server, defaults, town, staff, resident, monkeypatch
):
    """The line breaks after the first sending: the same is sent again. Then a note with a photo, and the photo comes back."""
    monkeypatch.setattr("accounts.sign_in.codes.SECONDS_BETWEEN_CODES", 0)
    script = str(MINI / "tests/support/real.js")
    signed = (os.environ["TEST_NODE"], script, str(build), live_server.url, resident.phone)
    filed = json.loads(node(*signed, "file", *photos))
    case = Case.objects.get()
    assert filed == {"sent": 2, "number": case.number}
    assert case.request.words == "楼道灯坏了，👵看不见\n三天了"
    assert Attachment.objects.filter(case=case).count() == 2
    route(case_id=case.pk, at=MONDAY)
    told = json.loads(node(*signed, case.number, photos[0]))
    assert told == {"holder": "宜和佳苑1号网格长 李强", "photos": 1, "begins": "ffd8ff", "refused": "请写几句话说明。"}
