"""django-helpdesk beside us: installed into an environment of its own, run by the same web server on the same database
server, with the apps it asks for and nothing more. It sends no mail: its queue has no address and the sender keeps silent."""

import json
import os
import subprocess
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from bench import _database
from bench.costs.load import Ask
from bench.costs.server import url_of
from bench.costs.world import WORDS

DATABASE = "bench_helpdesk"
WANTED = ("django-helpdesk==2.6.1", "gunicorn", "psycopg2-binary", "Django", "djangorestframework")
SITE = Path(__file__).parents[1] / "helpdesk_site"
"""Its settings and addresses, ours."""
ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(SITE)}


@dataclass(frozen=True)
class Helpdesk:
    folder: Path
    session: str
    queue: int

    @property
    def python(self) -> str:
        return str(_python(self.folder))

    def create(self, headers: dict[str, str]) -> Ask:
        """The same words as a request of ours."""
        ticket = {"queue": self.queue, "title": WORDS[:12], "description": WORDS, "submitter_email": "", "priority": 3}
        return Ask(0, "POST", "/api/tickets/", headers, json.dumps(ticket), "theirs")

    def page(self, headers: dict[str, str]) -> Ask:
        """The first 25 tickets."""
        return Ask(0, "GET", "/api/tickets/", headers, "", "theirs")


def installed(folder: Path, *, tickets: int) -> Helpdesk:
    """In `folder`, which may hold it from an earlier run; its database is new, with one queue and so many tickets."""
    folder.mkdir(parents=True, exist_ok=True)
    if not _python(folder).exists():
        venv.create(folder / "venv", with_pip=True)
        ours = {name: version(name) for name in WANTED[1:]}
        packages = [WANTED[0], *(f"{name}=={number}" for name, number in ours.items())]
        subprocess.run([_python(folder), "-m", "pip", "install", "-q", *packages], check=True)
    _database.copy("template0", DATABASE)
    _run(folder, "-m", "django", "migrate", "--verbosity", "0")
    return Helpdesk(folder, **json.loads(_run(folder, "begin.py", str(tickets))))


def _python(folder: Path) -> Path:
    return (folder / "venv/bin/python").absolute()


def _run(folder: Path, *words: str) -> str:
    env = {**os.environ, **ENVIRONMENT, "DATABASE_URL": url_of(DATABASE)}
    command: list[str | Path] = [_python(folder), *words]
    ran = subprocess.run(command, cwd=SITE, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return ran.stdout
