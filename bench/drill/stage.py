"""The stage of a drill: a prepared portal copied to a folder of its own, on disks of its own where the machine lets us."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from bench.drill import disks
from bench.drill.broker import DebianRedis
from bench.drill.disks import Disk
from bench.drill.load import Cast
from bench.drill.people import Door
from bench.drill.portal import ROOT, Portal
from bench.drill.scene import Scene

MEGABYTES = 4096
ACTING_LEADERS = 9
DOORS = 36
"""A quarter of them answered for by leaders who act."""


@contextmanager
def stage(folder: Path, *, redis: str, has_disks: bool) -> Iterator[Scene]:
    """A portal that runs. Nothing of it is left afterwards, however the drill ends."""
    folder.mkdir(parents=True, exist_ok=True)
    prepared, run = _prepared(folder), folder / "run"
    with ExitStack() as stack:
        data, photos = _disks(folder, run, stack) if has_disks else (None, None)
        if data is None:
            shutil.rmtree(run, ignore_errors=True)
        subprocess.run(["cp", "-a", f"{prepared}/.", str(run)], check=True)
        debian = DebianRedis() if redis == "debian" else None
        more = {"REDIS_URL": debian.url} if debian else {}
        if debian is not None:
            stack.callback(debian.end)
        more |= {"MEDIA_ROOT": str(photos.at)} if photos is not None else {}
        log = folder / "portal.log"
        log.unlink(missing_ok=True)
        portal = Portal(run, log=log, **more)
        stack.callback(portal.end)
        portal.start()
        yield Scene(portal, debian, data, photos)


def _prepared(folder: Path) -> Path:
    """The data of a portal with its demonstration, made by a first start and kept until a migration changes."""
    parts = sorted(ROOT.glob("*/migrations/*.py"))
    name = hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()[:12]
    prepared, begun = folder / f"prepared-{name}", folder / "begun"
    Portal(folder / "run", log=folder / "portal.log").end()  # of a drill that was killed
    Portal(begun, log=folder / "portal.log").end()
    if not prepared.exists():
        for old in [begun, *folder.glob("prepared-*")]:
            shutil.rmtree(old, ignore_errors=True)
        portal = Portal(begun, log=folder / "first-start.log")
        try:
            portal.start()
        finally:
            portal.end()
        begun.rename(prepared)
    return prepared


def _disks(folder: Path, run: Path, stack: ExitStack) -> tuple[Disk | None, Disk | None]:
    if disks.lacking():
        return None, None
    shutil.rmtree(run, ignore_errors=True)
    mounted = []
    with suppress(subprocess.CalledProcessError):
        for name, at in (("data", run), ("photos", run / "media")):
            disk = Disk(folder / f"{name}.disk", at, megabytes=MEGABYTES)
            stack.callback(disk.unmount)
            mounted.append(disk)
        return mounted[0], mounted[1]
    return None, None


def cast(portal: Portal, *, residents: int) -> Cast:
    """Demonstration people of the portal, and doors some of whose leaders act. Sets Django up on its database."""
    os.environ.pop("CODE_SENDER", None)  # of the tests, if they began this: a demonstration sends nothing
    os.environ.update(portal.environment, LOG_LEVEL="ERROR", DJANGO_SETTINGS_MODULE="zhenghe.settings")
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from accounts.models import User
    from grids.demo import PASSWORD
    from grids.models import Building, Post

    people = User.objects.filter(posts=None).order_by("pk")[:residents]
    leaders = dict(
        Post.objects.held_at(timezone.now()).filter(role="grid_leader").values_list("grid", "person").order_by("grid")
    )
    buildings = list(Building.objects.filter(grid__in=leaders).order_by("pk")[:: max(1, len(leaders) // DOORS)])
    acting = [leaders[building.grid_id] for building in buildings[: ACTING_LEADERS * 4 : 4]]
    players = Cast(
        residents=[person.phone for person in people],
        leaders=[person.phone for person in User.objects.filter(pk__in=acting)],
        password=PASSWORD,
        doors=[Door(str(building.estate_id), str(building.pk)) for building in buildings],
    )
    connection.close()  # it would not outlive the drill
    return players
