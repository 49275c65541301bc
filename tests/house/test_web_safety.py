"""What the browser is told, where a page may lead, which hosts are ours, and what Django itself says of the settings."""

import json
import os
import re
import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings as ours
from django.test import Client

from cases.reading.tracking import tracking_path
from tests.support.cast import PASSWORD, signed_in

PAGES = ["/", "/sign-in/", "/sign-in/password/", "/privacy/", "/nowhere/"]
OWN = ["/", "/cases/", "/notices/", "/my-data/", "/devices/", "/requests/new/", "/cases/{number}/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_for_everybody_forbid_inline_code(db, path):
    forbids_inline(Client().get(path))


@pytest.mark.parametrize("path", OWN)
def test_pages_of_ones_own_forbid_inline_code(request_case, resident, path):
    forbids_inline(signed_in(resident).get(path.format(number=request_case.number)))


def forbids_inline(answer):
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|javascript:", page)
    assert not re.search(r'(src|href)="(https?:)?//(?!testserver)', page)  # nothing from elsewhere


def test_only_the_admin_may_more_and_says_no_more_than_its_theme_needs(street_cadre):
    policy = signed_in(street_cadre).get("/admin/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline' 'unsafe-eval'" in policy
    assert "default-src 'self'" in policy
    assert "http" not in policy


def test_no_template_has_inline_code():
    for path in (ours.BASE_DIR / "templates").rglob("*.html"):
        if "admin" in path.parts or path.name == "data_copy.html":
            continue
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+=\"|\sstyle=\"|hx-on|hx-vals=.js:", text), path


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "home",
        "试一试",
        "甲\0乙",
        "",
    ],
)
def test_no_page_leads_to_a_foreign_site(grid_leader, target):
    query = urlencode({"next": target}).replace("%00", "")  # an address with a NUL leads nowhere at all
    signing_in = Client().post(f"/sign-in/password/?{query}", {"phone": grid_leader.phone, "password": PASSWORD})
    assert signing_in["Location"] == "/"
    assert Client().post("/large-print/", {"next": target})["Location"] == "/"


def test_a_foreign_host_name_is_refused(db):
    assert Client(HTTP_HOST="evil.example").get("/").status_code == 400


def test_every_form_needs_its_token(grid_leader):
    client = Client(enforce_csrf_checks=True)
    client.force_login(grid_leader)
    for path in ("/sign-out/", "/large-print/", "/sign-in/", "/notices/", "/my-data/erase/", "/api/v1/requests/"):
        assert client.post(path, {}).status_code == 403, path


def test_cookies_are_out_of_reach_of_scripts(client, grid_leader):
    client.post("/sign-in/password/", {"phone": grid_leader.phone, "password": PASSWORD})
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


PRODUCTION = {
    "HTTPS": "1",
    "DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": "k" * 60 + "-and-some-more-signs-0123456789",
    "ALLOWED_HOSTS": "zhenghe.example",
    "CODE_SENDER": ours.SMS_SENDER,
    "SMS_GATEWAY": "aliyun",
    "SMS_KEY_ID": "key",
    "SMS_KEY_SECRET": "secret",
    "SMS_SIGN": "政和社区",
    "SMS_CODE_TEMPLATE": "SMS_1",
    "PROXIES": "1",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "PRIVACY_HANDLER": "政和县委社会工作部",
    "PRIVACY_CONTACT": "0599-3320000",
}

TRIAL = {"HTTPS": "0", "CODE_SENDER": ours.TRIAL_SENDER, "SMS_GATEWAY": "trial"}


def _production() -> dict[str, str]:
    """Without what only the tests' browser needs."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | PRODUCTION


def test_django_has_nothing_to_say_of_the_production_settings():
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ours.BASE_DIR, env=_production(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({**TRIAL, "DEMO": "1"}, "zhenghe.E001"),
        ({"CODE_SENDER": "accounts.sign_in.senders.ConsoleSender"}, "zhenghe.E002"),
        ({"PROXIES": "0"}, "zhenghe.E003"),
        ({"REDIS_URL": "memory://"}, "zhenghe.E004"),
        ({"PRIVACY_HANDLER": ""}, "zhenghe.E006"),
        ({"PRIVACY_CONTACT": ""}, "zhenghe.E006"),
        ({"REDIS_URL": "redis+socket:///srv/zhenghe/redis/valkey.sock"}, "zhenghe.E004"),
    ],
)
def test_what_belongs_to_a_trial_must_not_be_deployed(more, code):
    command = [sys.executable, "manage.py", "check", "--deploy"]
    done = subprocess.run(command, cwd=ours.BASE_DIR, env=_production() | more, capture_output=True, text=True)
    assert done.returncode == 1
    assert code in done.stderr


def test_keys_beside_the_data_must_not_be_deployed(tmp_path):
    (tmp_path / "secrets.json").write_text(json.dumps({"SECRET_KEY": PRODUCTION["SECRET_KEY"]}))
    command = [sys.executable, "manage.py", "check", "--deploy"]
    env = _production() | {"DATA_DIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ours.BASE_DIR, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "zhenghe.E005" in done.stderr


@pytest.mark.parametrize(
    "real",
    [
        {"HTTPS": "1"},
        {"HTTPS": "0"},
        {**TRIAL, "CODE_SENDER": "tests.support.senders.ShowingSender"},
        {**TRIAL, "EMAIL_HOST": "smtp.zhenghe.gov.cn"},
        {**TRIAL, "WECHAT_MINI_ID": "wx1"},
    ],
)
def test_a_demonstration_with_what_is_for_real_people_does_not_start(real):
    command = [sys.executable, "manage.py", "check"]
    env = _production() | {"DEMO": "1"} | real
    done = subprocess.run(command, cwd=ours.BASE_DIR, env=env, capture_output=True, text=True)
    assert done.returncode == 1
    assert "DEMO=1 是演示" in done.stderr


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/net/", "/privacy/"])
def test_a_demonstration_says_so_on_its_pages(db, path, settings):
    settings.DEMO = True
    assert 'class="demo-banner"' in Client().get(path).content.decode()
    settings.DEMO = False
    assert 'class="demo-banner"' not in Client().get(path).content.decode()


def test_every_page_of_its_own_frame_carries_the_banner():
    """Those that extend another page have it from there; what is read without the site around it is no page."""
    alone = {"400.html", "403.html", "404.html", "500.html", "data_copy.html", "demo_banner.html"}
    for path in (ours.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text()
        if "<body" in text and path.name not in alone:
            assert "parts/demo_banner.html" in text, path


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PERSONAL_DATA_KEY", "short", "32 字节"),
        ("PERSONAL_DATA_KEY", ",", "至少要有一把"),
        ("SECRET_KEY", None, "SECRET_KEY 未设置"),
        ("IDLE_MINUTES", "0", "应为不小于 1 的整数"),
        ("WORK_SHIFTS", "08:30-12:00 und so weiter", "应形如"),
    ],
)
def test_settings_that_are_wrong_stop_the_start_with_a_sentence(variable, value, sentence):
    env = {name: text for name, text in os.environ.items() if name != variable}
    if value is not None:
        env[variable] = value
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ours.BASE_DIR, env=env, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert sentence in done.stderr


def test_the_tracking_page_forbids_inline_code_too(request_case):
    forbids_inline(Client().get(tracking_path(request_case)))


def test_no_secret_stands_in_the_code():
    """Long random-looking values given to names that sound like secrets; the demonstration's password is published."""
    for room in ("accounts", "notices", "grids", "cases", "residents", "zhenghe"):
        for path in (ours.BASE_DIR / room).rglob("*.py"):
            secrets = re.findall(
                r"(?i)(?:secret|password|token|key)\w*\s*=\s*[\"']([^\"'\s]{9,})[\"']", path.read_text()
            )
            assert [value for value in secrets if re.search(r"\d", value)] in ([], ["Demo-2026!"]), path


def test_a_column_that_has_no_name_is_no_fault(county_admin, town):
    page = signed_in(county_admin).get(f"/admin/grids/grid/{town.grid.pk}/change/?_to_field=")
    assert page.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/tea-talks/new/?topic=a%00b", "/figures/county/opened/?kind=%00", "/admin/grids/unit/?q=%00", "/nowhere%00/"],
)
def test_an_address_with_a_nul_leads_nowhere(county_admin, town, path):
    assert signed_in(county_admin).get(path).status_code == 404
    assert signed_in(county_admin).get(path.replace("%00", "x")).status_code in {200, 404}


@pytest.mark.parametrize("path", ["orders", "series"])
@pytest.mark.parametrize("key", ["甲", "123", "7f3d1c1e-1111-4111-8111-111111111112"])
def test_a_need_that_is_none_is_not_found(county_admin, town, path, key):
    assert signed_in(county_admin).get(f"/volunteers/{path}/new/?need={key}").status_code == 404
