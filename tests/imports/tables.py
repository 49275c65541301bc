"""Tables as staff hand them in, for the tests of this room."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from imports import services
from imports.kinds import KINDS

REQUESTS_HEAD = "编号,标题,时间,内容"
HOMES_HEAD = "楼栋,单元,房号,面积,姓名,手机号,业主"
ROSTER_HEAD = "姓名,手机号,单位,身份"


def requests_table(rows: int = 2, *, first: int = 1) -> bytes:
    """So many sound requests."""
    lines = (f"{n},路灯,2026-11-20 08:00,宜和佳苑第{n}盏灯坏了" for n in range(first, first + rows))
    return "\n".join((REQUESTS_HEAD, *lines)).encode()


def homes_table(rows: int) -> bytes:
    """So many owners, each of a home in 3幢1单元."""
    lines = (f"3幢,1单元,{n},80,业主{n},137{n:08d},是" for n in range(1, rows + 1))
    return "\n".join((HOMES_HEAD, *lines)).encode()


def upload(content: bytes, name: str = "表.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def ask(person, place, content=None, *, kind="requests", source="热线", at=None):
    """Handed in, as the page does it."""
    handed_in = {"name": "表.csv", "content": requests_table() if content is None else content, "address": None}
    if kind != "requests":
        source = ""
    return services.ask(
        kind=KINDS[kind], person=person, place=place, source=source, at=at or timezone.now(), **handed_in
    )


def brought_in(client, url, form):
    """The page of an import that has ended."""
    page = client.post(url, form)["Location"]
    services.run_imports(at=timezone.now())
    client.post(f"{page}confirm/")
    services.run_imports(at=timezone.now())
    return client.get(page)


def tried(asked, *, at=None):
    """As it stands when it was tried."""
    services.run_imports(at=at or timezone.now())
    asked.refresh_from_db()
    return asked


def confirmed(*asked, at=None):
    """Tried and confirmed, and not taken in yet."""
    for previewed in asked:
        tried(previewed, at=at)
    for previewed in asked:
        services.confirm(previewed=previewed, at=at or timezone.now())
        previewed.refresh_from_db()
    return asked[0] if len(asked) == 1 else list(asked)


def run(asked, *, at=None):
    """Tried, confirmed where there is something new, and taken in; the import as it stands then."""
    return tried(confirmed(asked, at=at), at=at)
