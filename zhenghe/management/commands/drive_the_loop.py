"""Drive one request through the whole loop over HTTP, as its people would: `script/server --check` ends with this."""

import re
import time
from argparse import ArgumentParser
from collections.abc import Callable
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.core.management.base import BaseCommand, CommandError

from cases.engine.checks import unsound_cases
from cases.models import Case
from grids.demo import PASSWORD, sign_ins
from grids.models import Building

ANSWER_WITHIN = 3.0
"""Seconds from sending the form to the responsible person on the page."""

PUBLISHED = {
    "communities": 12, "estates": 25, "groups": 78, "grids": 382, "areas": 20, "centres": 69, "tea_tables": 12,
    "stewards": 228, "societies": 13, "reported": 2162, "teams": 153, "members": 4332, "served": 532, "needs": 135,
    "urgent_needs": 156, "disputes": 103, "officers": 12, "auxiliaries": 24, "patrols": 48,
}  # fmt: skip
"""What the county published of its year; the whole demonstration comes to it."""


class Browser:
    """One person's cookies and the page they see. No JavaScript: what works here works on any phone."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._open = build_opener(HTTPCookieProcessor(CookieJar())).open
        self.url = base
        self.page = ""

    def get(self, path: str) -> str:
        return self._load(Request(urljoin(self.url, path)))

    def send(self, path: str = "", **fields: str) -> str:
        """Send the page's form, with the hidden fields it carries."""
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        fields = {**hidden, **fields, "csrfmiddlewaretoken": token.group(1) if token else ""}
        target = urljoin(self.url, path) if path else self.url
        return self._load(Request(target, urlencode(fields).encode(), {"Referer": self.url}))

    def _load(self, request: Request) -> str:
        try:
            with self._open(request, timeout=30) as answer:
                self.url, self.page = answer.url, unescape(answer.read().decode())
        except HTTPError as fault:
            raise CommandError(f"{request.get_method()} {request.full_url} 返回 {fault.code}") from fault
        return self.page

    def expect(self, words: str) -> None:
        if words not in self.page:
            text = " ".join(re.sub(r"<[^>]+>", " ", self.page).split())[:400]
            raise CommandError(f"页面 {self.url} 上没有“{words}”：{text}")


class Command(BaseCommand):
    help = "按居民、网格长的操作把一件诉求走完全程，逐步打印用时；有一步不通就以 1 退出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base", default="http://127.0.0.1:8000", help="门户地址")
        parser.add_argument("--published", action="store_true", help="完整演示数据：一张网上应是已公布的数字")

    def handle(self, *args: Any, **options: Any) -> None:
        people = dict(sign_ins())
        if "居民" not in people:
            raise CommandError("没有演示数据，请先运行 manage.py seed_zhenghe。")
        self.resident, self.leader = Browser(options["base"]), Browser(options["base"])
        self.number = ""
        self._step("居民登录", lambda: self._sign_in_by_code(people["居民"].phone))
        self._step("填写地点", self._say_where)
        self._step("填写事由", self._say_what)
        self._step("提交并看到责任人", self._submit, within=ANSWER_WITHIN)
        self._step("网格长登录并签收", self._sign_for)
        self._step("网格长办结", self._finish)
        self._step("居民要求重办", self._redo)
        self._step("网格长再次办结", self._finish)
        self._step("居民评价，归档", self._rate)
        self._step("逐件核对", self._check)
        if options["published"]:
            self._step("政和一张网是已公布的数字", self._read_the_net)

    def _step(self, name: str, act: Callable[[], None], *, within: float = 0) -> None:
        began = time.monotonic()
        try:
            act()
        except CommandError as fault:
            raise CommandError(f"✗ {name}：{fault}") from fault
        took = time.monotonic() - began
        if within and took > within:
            raise CommandError(f"✗ {name}：用了 {took:.2f} 秒，应在 {within:.0f} 秒内")
        self.stdout.write(f"✓ {name}（{took:.2f} 秒）")
        self.stdout.flush()

    def _sign_in_by_code(self, phone: str) -> None:
        self.resident.get("/sign-in/")
        self.resident.send(phone=phone)
        code = re.search(r"验证码是 (\d{6})", self.resident.page)
        if code is None:
            self.resident.expect("验证码是 ")
            return
        self.resident.send(code=code.group(1), name="")
        self.resident.expect("我要反映")

    def _say_where(self) -> None:
        building = Building.objects.filter(estate__name="宜和佳苑").order_by("pk")[0]
        self.resident.get("/requests/new/")
        self.resident.send(place=str(building.estate_id), building="", show_buildings="1")
        self.resident.send(place=str(building.estate_id), building=str(building.pk))
        self.resident.expect("是什么事")

    def _say_what(self) -> None:
        self.resident.send(words="楼道灯坏了三天，晚上老人上下楼看不见。")
        self.resident.expect("看一看")

    def _submit(self) -> None:
        self.resident.send(category="")
        deadline = time.monotonic() + 30
        while "最迟" not in self.resident.page or "正在为您找" in self.resident.page:
            if time.monotonic() > deadline:
                self.resident.expect("负责")
                raise CommandError("30 秒内没有派到责任人")
            time.sleep(0.1)
            self.resident.get("")
        match = re.search(r"ZH-\w{4}-\w{4}", self.resident.page)
        if match is None:
            raise CommandError("页面上没有编号")
        self.number = match.group(0)
        case = Case.objects.get(number=self.number)
        self.stdout.write(f"  {case.number} 由 {case.holder_words} 负责")

    def _sign_for(self) -> None:
        holder = Case.objects.select_related("holder__person").get(number=self.number).holder
        assert holder is not None
        self.leader.get("/sign-in/password/")
        self.leader.send(phone=holder.person.phone, password=PASSWORD)
        self.leader.expect("我的待办")
        self.leader.get(f"/cases/{self.number}/")
        self.leader.send(f"/cases/{self.number}/sign/")
        self.leader.expect("已签收")

    def _finish(self) -> None:
        self.leader.get(f"/cases/{self.number}/finish/")
        self.leader.send(words="灯已换好，试过能亮。")
        self.leader.expect("待评价")

    def _redo(self) -> None:
        self.resident.get(f"/cases/{self.number}/redo/")
        self.resident.send(words="今天又不亮了。")
        self.resident.expect("重办中")

    def _rate(self) -> None:
        self.resident.get(f"/cases/{self.number}/rate/")
        self.resident.send(score="5", is_solved="1", words="谢谢")
        self.resident.expect("已归档")

    def _check(self) -> None:
        if faults := list(unsound_cases()):
            raise CommandError("；".join(faults[:5]))

    def _read_the_net(self) -> None:
        page = self.resident.get("/net/")
        shown = {code: int(number) for number, code in re.findall(r'data-number="(\d+)" href="/net/(\w+)/"', page)}
        if wrong := {code: shown.get(code) for code, number in PUBLISHED.items() if shown.get(code) != number}:
            raise CommandError(f"一张网上的数字不是公布的：{wrong}")
        self.resident.expect("98.99 %")
