"""Whom a webhook may reach: public addresses, and networks that the settings name."""

import socket

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from gateways import webhooks
from gateways.faults import Down, Refused
from tests.support.standins.server import Answer, StandIn
from zhenghe.environment import read_networks

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INSIDE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",
    "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
]  # fmt: skip


def post(url: str) -> int:
    return webhooks.post(url, message_id="event-1", secret=SECRET, body="{}", at=timezone.now())


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_called_whatever_name_leads_there(address, monkeypatch):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    rows = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    monkeypatch.setattr(webhooks, "HTTPSConnectionPool", None)  # nobody gets as far
    with pytest.raises(Refused):
        post("https://hooks.example.cn/")


def test_a_name_that_leads_inside_and_outside_is_refused(monkeypatch):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(Refused):
        post("https://hooks.example.cn/")


def test_public_addresses_may_be_called():
    assert all(map(webhooks.may_call, ["8.8.8.8", "223.5.5.5", "2400:3200::1"]))


def test_a_network_of_the_settings_may_be_called(settings):
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16"]
    assert webhooks.may_call("10.20.3.4")
    assert not webhooks.may_call("10.21.3.4")


def test_the_address_that_was_looked_at_is_the_one_that_is_called(settings, monkeypatch):
    """A name may lead elsewhere a moment later: it is asked once."""
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    ask, asked_for = socket.getaddrinfo, []

    def once(host, *more, **named):
        asked_for.append(host)
        return ask("127.0.0.1" if host == "hooks.test" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    with StandIn(lambda asked: Answer(b"", status=202)) as server:
        port = server.url.rpartition(":")[2]
        assert post(f"http://hooks.test:{port}/a?b=c") == 202
        [asked] = server.asked
    assert (asked.path, asked.params, asked.headers["Host"]) == ("/a", {"b": "c"}, f"hooks.test:{port}")
    assert asked_for.count("hooks.test") == 1


def test_a_demonstration_tells_nobody(settings):
    settings.DEMO, settings.WEBHOOK_NETWORKS = True, ["127.0.0.0/8"]
    with StandIn(lambda asked: Answer(b"")) as server:
        with pytest.raises(Refused):
            post(server.url)
        assert server.asked == []


def test_nobody_there_is_down(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with pytest.raises(Down):
        post("http://127.0.0.1:9/")
    with StandIn(lambda asked: Answer(b"", is_broken_off=True)) as server, pytest.raises(Down):
        post(server.url)


def test_a_certificate_that_nobody_vouches_for_is_no_line(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with StandIn(lambda asked: Answer(b"")) as server, pytest.raises(Down):
        post(server.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://12345.example.cn/hooks?county=zh", ""), ("https://12345.example.cn:8443/", ""),
        ("http://12345.example.cn/", "https"), ("ftp://12345.example.cn/", "https"), ("https://", "形如"),
        ("https://user@12345.example.cn/", "用户名"), ("https://a.example.cn:99999/", "不对"), ("https://10.0.0.1/", "内部网络"),
        ("http://127.0.0.1/", "内部网络"), ("https://[::1]/", "内部网络"), ("https://a.example.cn/#x", "形如"),
    ],
)  # fmt: skip
def test_which_addresses_may_be_typed_in(url, words):
    assert words in webhooks.fault_of(url)
    assert bool(words) == bool(webhooks.fault_of(url))


def test_networks_are_read_or_refused():
    assert read_networks("10.20.0.0/16, 192.168.1.7") == ["10.20.0.0/16", "192.168.1.7"]
    assert read_networks("") == []
    with pytest.raises(ImproperlyConfigured, match="WEBHOOK_NETWORKS"):
        read_networks("10.20.0.1/16")
