"""What a web process takes while eight people send the worst pictures that are allowed, nine each, all at once.

    script/bench photo_memory [--clients 8] [--most 400]

Each round is one kind of picture, as large as its limits let through: to a page where photos are made at once, then one round to
a page where large ones wait for a worker. A real gunicorn with one process and a thread for each client is watched; it exits
with 1 when the process ever takes more than so many MB above what it takes when idle, or an answer is an error. Works in a
database and a folder of its own, which it drops again."""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from math import isqrt
from threading import Event, Thread
from urllib.parse import urlsplit, urlunsplit

import _database
import django
import pillow_heif
import psutil
from PIL import Image

from photos import sizes
from tests.photos.pictures import GREY, heic, picture, png

DATABASE = "bench_photos"
NINE = 9
TOKEN = "a" * 32


def main() -> int:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhenghe.settings")
    django.setup()
    _database.own(DATABASE, "load_defaults", "seed_zhenghe")
    at_once, can_wait, cookie = _pages()
    highest, faults = 0.0, 0
    with tempfile.TemporaryDirectory() as folder, _server(folder, options.clients) as (worker, port):
        for _ in range(3):
            _get(port, at_once, cookie)
        idle = _megabytes(worker)
        print(f"空闲 {idle:.0f} MB；{options.clients} 人同时各传 {NINE} 张")
        for name, url, make in _rounds(at_once, can_wait):
            contents = make()
            with _watched(worker) as peak:
                answers = _send_all(port, url, cookie, contents, options.clients)
            above, faults = peak[0] - idle, faults + sum(answers[code] for code in answers if code >= 500)
            highest = max(highest, above)
            told = "，".join(f"{count} 个 {code}" for code, count in sorted(answers.items()))
            print(f"{name:<34}高出 {above:4.0f} MB，事后 {_megabytes(worker) - idle:4.0f} MB，{told}", flush=True)
    _database.drop(DATABASE)
    print(f"最多高出空闲 {highest:.0f} MB（上限 {options.most} MB），{faults} 个出错")
    return 1 if highest > options.most or faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--most", type=int, default=400, help="MB above idle")
    return parser.parse_args()


def _pages() -> tuple[str, str, str]:
    """A project at the desk (photos are made at once), a request on screen two (large ones may wait), and the cookie of
    somebody who may send to both."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from accounts.models import User
    from accounts.sign_in.sessions import SIGNED, VERIFIED
    from grids.models import Grid, Level, UnitKind
    from grids.posts.services import appoint
    from grids.units.services import register_unit
    from residents.drafts import begin
    from residents.services import Place
    from volunteers.services.inspections import start_project

    at, today = timezone.now(), timezone.localdate()
    community = Grid.objects.current().filter(level=Level.COMMUNITY).first()
    person = User.objects.create_user(phone="13900000001", name="量内存", password="Test-password-1")
    person.is_staff, person.password_set_at = True, at
    person.save()
    appoint(person=person, role="community_worker", grid=community, at=at, from_at=at)
    unit = register_unit(name="量内存的单位", kind=UnitKind.OFFICE)
    project = start_project(
        name="改造",
        kind="renovation",
        plan="改造",
        grid=community,
        unit=unit,
        from_date=today,
        until_date=today,
        by=person,
        at=at,
    )
    draft = begin(person=person, place=Place(community), address_note="", at=at)
    session = SessionStore()
    session.update(
        {"_auth_user_id": str(person.pk), "_auth_user_backend": "accounts.sign_in.backends.PhonePasswordBackend"}
    )
    session.update({"_auth_user_hash": person.get_session_auth_hash(), VERIFIED: True, SIGNED: at.timestamp()})
    session.save()
    cookie = f"sessionid={session.session_key}; csrftoken={TOKEN}"
    return f"/volunteers/projects/{project.key}/", f"/requests/new/{draft.key}/words/", cookie


@contextmanager
def _server(folder: str, threads: int) -> Iterator[tuple[psutil.Process, int]]:
    """Its one worker process, and the port."""
    from zhenghe.serve import _free_port

    port = _free_port()
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{DATABASE}")
    env = {**os.environ, "DATABASE_URL": urlunsplit(address), "DATA_DIR": folder, "REDIS_URL": "memory://", "DEMO": "1"}
    words = ["-k", "gthread", "-w", "1", "--threads", str(threads), "-b", f"127.0.0.1:{port}", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", *words, "--log-level", "error", "zhenghe.wsgi:application"]
    server = subprocess.Popen(command, env=env)
    try:
        yield _worker_of(psutil.Process(server.pid)), port
    finally:
        server.terminate()
        server.wait()


def _worker_of(server: psutil.Process) -> psutil.Process:
    while not server.children():
        time.sleep(0.1)
    time.sleep(5)
    (worker,) = server.children()
    return worker


def _megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / sizes.MB)


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[float]]:
    """The highest that is seen until the end, in MB."""
    highest, is_over = [_megabytes(process)], Event()

    def watch() -> None:
        while not is_over.wait(0.005):
            highest[0] = max(highest[0], _megabytes(process))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield highest
    finally:
        is_over.set()
        watcher.join()


def _rounds(at_once: str, can_wait: str) -> list[tuple[str, str, Callable[[], list[bytes]]]]:
    """By name: where nine pictures of it go, and how one is made."""
    wide = _square(sizes.MOST_PIXELS["PNG"])
    kinds: list[tuple[str, Callable[[], bytes]]] = [
        ("PNG, 24 MP, RGBA, interlaced", lambda: png(wide, is_interlaced=True)),
        ("PNG, 24 MP, RGBA 16 bits, interlaced", lambda: png(wide, depth=16, is_interlaced=True)),
        ("PNG, 24 MP, grey 16 bits", lambda: png(wide, depth=16, colour=GREY)),
        ("PNG, 24 MP, cut off", lambda: png(wide)[:200_000]),
        ("WEBP, 12.5 MP, lossless, RGBA", lambda: _webp(lossless=True)),
        ("WEBP, 12.5 MP, animated", lambda: _webp(lossless=True, is_animated=True)),
        ("JPEG, progressive, CMYK", lambda: _jpeg(9, "CMYK", subsampling=0)),
        ("JPEG, progressive, 4:2:0", lambda: _jpeg(4, "RGB", subsampling=2)),
        ("JPEG, noise", _noise),
        ("HEIC, 27 MP, as phones write it", lambda: heic(_square(sizes.AT_ONCE // 8), tile_size=512)),
        ("HEIC, RGBA 10 bits, 4:4:4", _deep_heic),
    ]
    rounds: list[tuple[str, str, Callable[[], list[bytes]]]] = [(name, at_once, _nine_of(make)) for name, make in kinds]
    mixed = [kinds[0][1], kinds[4][1], kinds[6][1], kinds[9][1]]
    rounds.append(("all of them", at_once, lambda: [_nine(mixed[n % 4]())[n] for n in range(NINE)]))
    rounds.append(("request: photos of 24 and 50 MP", can_wait, lambda: _nine(_jpeg(4, "RGB", subsampling=2))))
    return rounds


def _square(pixels: int) -> tuple[int, int]:
    return isqrt(pixels), isqrt(pixels)


def _nine_of(make: Callable[[], bytes]) -> Callable[[], list[bytes]]:
    return lambda: _nine(make())


def _nine(content: bytes) -> list[bytes]:
    """The same picture with something behind it: a box that HEIC skips, and bytes that nobody reads."""
    return [content + b"\0\0\0\x0cfree" + b"%04d" % number for number in range(NINE)]


def _webp(*, lossless: bool, is_animated: bool = False) -> bytes:
    more = {"save_all": True, "append_images": [Image.new("RGBA", _square(12_500_000), "blue")]} if is_animated else {}
    return picture("WEBP", _square(12_500_000), "RGBA", colour=(9, 99, 9, 99), lossless=lossless, method=0, **more)


def _jpeg(bytes_a_pixel: int, mode: str, *, subsampling: int) -> bytes:
    size = _square(sizes.AT_ONCE // bytes_a_pixel)
    return picture("JPEG", size, mode, progressive=True, subsampling=subsampling)


def _noise() -> bytes:
    """What is kept of it is as large as it gets."""
    out = io.BytesIO()
    Image.effect_noise((1080, 9000), 120).convert("RGB").save(out, "JPEG", quality=50)
    return out.getvalue()


def _deep_heic() -> bytes:
    size = _square(sizes.AT_ONCE // 21)
    image = pillow_heif.from_bytes(mode="RGBA;16", size=size, data=bytes(size[0] * size[1] * 8))
    out = io.BytesIO()
    image.save(out, quality=30, chroma=444)
    return out.getvalue()


def _get(port: int, url: str, cookie: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", url, headers={"Cookie": cookie})
    answer = connection.getresponse()
    assert answer.status == 200, (url, answer.status, answer.read()[:500])
    answer.read()


def _send_all(port: int, url: str, cookie: str, contents: list[bytes], clients: int) -> Counter[int]:
    """Each client sends all of them; the codes of the answers."""
    fields = {"csrfmiddlewaretoken": TOKEN, "act": "photos", "words": "量内存"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for number, content in enumerate(contents):
        head = f'--x\r\nContent-Disposition: form-data; name="photos"; filename="{number}.jpg"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    body = b"".join(parts) + b"--x--\r\n"
    headers = {"Cookie": cookie, "Content-Type": "multipart/form-data; boundary=x"}

    def send(_: int) -> int:
        connection = HTTPConnection("127.0.0.1", port, timeout=300)
        connection.request("POST", url, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    with ThreadPoolExecutor(clients) as pool:
        return Counter(pool.map(send, range(clients)))


if __name__ == "__main__":
    sys.exit(main())
