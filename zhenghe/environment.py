"""Reading what the environment says. What is set wrongly stops the start with a sentence that names the variable."""

import os
import re
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def env_text(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that NAME_FILE points at (secrets mounted as files)."""
    path = os.environ.get(f"{name}_FILE")
    text = Path(path).read_text().strip() if path else os.environ.get(name, default)
    if text is None:
        raise ImproperlyConfigured(f"环境变量 {name} 未设置。本机试用请用 script/server 或 script/manage 启动。")
    return text


def env_bool(name: str, *, default: bool) -> bool:
    text = os.environ.get(name, "1" if default else "0").lower()
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise ImproperlyConfigured(f"环境变量 {name} 应为 0 或 1，现在是 {text!r}。")
    return text in {"1", "true", "yes"}


def env_int(name: str, default: int, *, least: int = 1) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ImproperlyConfigured(f"环境变量 {name} 应为不小于 {least} 的整数，现在是 {text!r}。")
    return int(text)


def env_bounds(name: str, default: str) -> tuple[float, float, float, float]:
    """ "27.0,118.5,27.7,119.4" -> south, west, north, east in degrees."""
    text = env_text(name, default)
    match = re.fullmatch(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)", text)
    bounds = tuple(float(part) for part in match.groups()) if match else (0.0,) * 4
    south, west, north, east = bounds
    if not (south < north <= 90 and west < east <= 180):
        raise ImproperlyConfigured(f"{name} 应形如 27.0,118.5,27.7,119.4（南、西、北、东），现在是 {text!r}。")
    return south, west, north, east


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def database_from_url(url: str) -> dict[str, object]:
    """postgresql://user:password@host:port/name?host=/socket/folder -> Django's DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL 应以 postgresql:// 开头：本系统只用 PostgreSQL。")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "zhenghe",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
        # What is left of the query are the server's own words: sslmode, sslrootcert, …
        "OPTIONS": {name: values[0] for name, values in query.items() if name not in {"host", "port"}},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def read_shifts(text: str) -> tuple[tuple[time, time], ...]:
    """ "08:30-12:00,14:30-18:00" -> the shifts of a working day."""
    shifts = re.findall(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", text)
    if not re.fullmatch(r"\d{1,2}:\d{2}-\d{1,2}:\d{2}(,\d{1,2}:\d{2}-\d{1,2}:\d{2})*", text):
        raise ImproperlyConfigured(f"WORK_SHIFTS 应形如 08:30-12:00,14:30-18:00，现在是 {text!r}。")
    return tuple((time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in shifts)


def read_weights(text: str) -> tuple[float, ...]:
    """ "10,45,45": of 响应率, 解决率, 满意率 in the score."""
    if not re.fullmatch(r"\d+(\.\d+)?(,\d+(\.\d+)?){2}", text) or not sum(map(float, text.split(","))):
        raise ImproperlyConfigured(f"THREE_RATES_WEIGHTS 应为三个数，例如 10,45,45，现在是 {text!r}。")
    return tuple(float(part) for part in text.split(","))


def read_mail_security(text: str) -> tuple[bool, bool]:
    """ "ssl", "starttls" or "none" -> Django's EMAIL_USE_SSL, EMAIL_USE_TLS."""
    if text not in {"ssl", "starttls", "none"}:
        raise ImproperlyConfigured(f"EMAIL_SECURITY 应为 ssl、starttls 或 none，现在是 {text!r}。")
    return text == "ssl", text == "starttls"


def read_keys(text: str) -> list[str]:
    """One Fernet key or several, each 32 bytes in base 64."""
    keys = [key.strip() for key in text.split(",") if key.strip()]
    for key in keys:
        try:
            Fernet(key)
        except ValueError as fault:
            raise ImproperlyConfigured("PERSONAL_DATA_KEY 的每把密钥应为 32 字节的 base64。") from fault
    if not keys:
        raise ImproperlyConfigured("PERSONAL_DATA_KEY 至少要有一把密钥。")
    return keys


def read_networks(text: str) -> list[str]:
    """ "10.20.0.0/16,192.168.1.7": networks and single addresses."""
    networks = [network.strip() for network in text.split(",") if network.strip()]
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ImproperlyConfigured(f"WEBHOOK_NETWORKS 应形如 10.20.0.0/16，现在有 {network!r}。") from None
    return networks


def read_hours(text: str) -> tuple[int, int]:
    """ "22-7": from which hour to which, of a day or over midnight; the same twice is never."""
    match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    hours = tuple(map(int, match.groups())) if match else (24, 24)
    if max(hours) > 23:
        raise ImproperlyConfigured(f"QUIET_HOURS 应形如 22-7（几点到几点不打扰），现在是 {text!r}。")
    return hours[0], hours[1]
