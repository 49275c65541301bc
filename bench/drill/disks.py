"""Disks of the drill's own, each a file system in a file: they can be filled to the last byte and made read-only without
harm to the machine. Mounted in a name space of the drill's own, so that they are gone when it ends, however it ends."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OWN_NAMES = "DRILL_HAS_OWN_MOUNTS"
MEGABYTE = 1024**2
CHUNK = 64 * 1024


def lacking() -> str:
    """What this machine lacks for disks of one's own; empty when nothing."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "disks of one's own need Linux and root"
    programs = [name for name in ("unshare", "mkfs.ext4", "mount") if shutil.which(name) is None]
    return f"the machine has no {', '.join(programs)}" if programs else ""


def take_own_mounts() -> None:
    """Begin this very program anew where mounts are its own."""
    if OWN_NAMES not in os.environ:
        os.environ[OWN_NAMES] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, *sys.argv])


class Disk:
    def __init__(self, image: Path, at: Path, *, megabytes: int) -> None:
        """Made anew, and mounted. Raises CalledProcessError where the machine does not let us."""
        self.at, self._filling = at, at / "filling"
        at.mkdir(parents=True, exist_ok=True)
        image.unlink(missing_ok=True)
        with image.open("wb") as file:
            file.truncate(megabytes * MEGABYTE)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", str(image)], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(at)], check=True, capture_output=True)
        at.chmod(0o755)

    @contextmanager
    def filled(self, *, leaving: int = 0) -> Iterator[None]:
        """All but so many bytes are taken; with 0, down to the last block."""
        try:
            free = os.statvfs(self.at).f_bavail * os.statvfs(self.at).f_frsize
            with self._filling.open("wb", buffering=0) as file:
                if free > leaving:
                    os.posix_fallocate(file.fileno(), 0, max(1, free - max(leaving, MEGABYTE)))
                file.seek(0, os.SEEK_END)
                with suppress(OSError):
                    while not leaving:
                        file.write(bytes(CHUNK))
            yield
        finally:
            self._filling.unlink(missing_ok=True)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        self._remount("ro")
        try:
            yield
        finally:
            self._remount("rw")

    def _remount(self, how: str) -> None:
        """Refused while a file is being written; tried again until none is."""
        words = ["mount", "-o", f"remount,{how}", str(self.at)]
        for _ in range(50):
            if subprocess.run(words, check=False, capture_output=True).returncode == 0:
                return
        subprocess.run(words, check=True, capture_output=True)

    def unmount(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.at)], check=False, capture_output=True)
