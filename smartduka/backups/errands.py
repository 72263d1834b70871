"""A backup or a restore that a page asked for: one at a time, in a process of its own.

The commands change which database is Django's default, which no process that serves may do; and an errand goes on
while the server is started anew. So whoever looks, from whichever process, finds it in the data folder: what was
asked for, what the command said, and a lock that the system opens when the process ends, however it ends.
"""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from django.conf import settings

from smartduka.refusals import Refusal

BEGUN, BUSY = "begun", "busy"
"""What the process says first: whether the errand is its own."""

NEWS_FOR = timedelta(hours=12)
INTERRUPTED = "It was interrupted: the computer or the program was stopped. Nothing is half done; ask for it again."
"""Of an errand without an end whose process is gone. Both commands do their work whole or not at all."""


@dataclass(frozen=True)
class Errand:
    """What was asked for, by whom, and what came of it."""

    command: str
    """"backup" or "restore"."""
    subject: str
    """The file that is restored; empty for a backup."""
    by: str
    began_at: datetime
    ended_at: datetime | None = None
    trouble: str = ""
    """Why it failed, in a sentence of the command's own."""

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and not self.trouble

    @property
    def seconds(self) -> int:
        """How long it has taken, up to now or to its end."""
        return round(((self.ended_at or datetime.now(UTC)) - self.began_at).total_seconds())

    def is_news(self, now: datetime) -> bool:
        """Whether people still want to be told of it."""
        return self.is_running or now - (self.ended_at or self.began_at) < NEWS_FOR

    def steps(self) -> list[str]:
        """What the command said; of "Counted 25,000 rows", "Counted 50,000 rows" only the newest."""
        try:
            said = lines_file().read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return []
        return [list(alike)[-1] for _, alike in groupby(said, key=lambda line: line.partition(" ")[0])]


def begin(command: str, *arguments: str, subject: str = "", by: str) -> None:
    """Start `manage.py command arguments` on the live database. Refuses while another errand is under way."""
    process = subprocess.Popen(  # noqa: S603 – our own program
        [sys.executable, "-m", "smartduka.backups.errand_process", by, subject, command, *arguments],
        cwd=settings.BASE_DIR,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C closes the shop, and lets the errand come to its end
    )
    # Somebody has to take note of a process's end, which no request waits for.
    threading.Thread(target=process.wait, daemon=True).start()
    with process.stdout as answer:  # type: ignore[union-attr]
        first = answer.readline().strip()
    if first == BUSY:
        raise Refusal("busy", "Another backup or restore is under way. Wait until it has ended.")
    if first != BEGUN:
        raise Refusal("broken", "It could not be started. The window in which the shop was started says why.")


def last() -> Errand | None:
    """The errand that is under way, or the last one that was."""
    was_held = is_held()
    errand = read()
    if errand and errand.is_running and not (was_held or is_held()):
        return replace(errand, trouble=INTERRUPTED)
    return errand


def is_held() -> bool:
    """Whether some process is about an errand now. To look keeps nobody from beginning one."""
    try:
        with _lock(seconds=0) as lock:
            lock.execute("SELECT 1 FROM sqlite_master")
    except sqlite3.OperationalError as error:
        return _is_busy(error)
    return False


@contextmanager
def held() -> Iterator[bool]:
    """Have the errand for oneself; False when somebody else has it."""
    with _lock(seconds=0.5) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
            yield False
        else:
            yield True


def read() -> Errand | None:
    """As it was written last; none when there was none, or a power cut left nothing of it."""
    try:
        told = json.loads(_file("json").read_text(encoding="utf-8"))
        moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("began_at", "ended_at")}
        return Errand(**{**told, **moments})
    except (OSError, KeyError, TypeError, ValueError):
        return None


def write(errand: Errand) -> None:
    """For everybody to read, whole or not at all."""
    draft = _file("part")
    draft.write_text(json.dumps(asdict(errand), default=datetime.isoformat), encoding="utf-8")
    draft.replace(_file("json"))


def lines_file() -> Path:
    """What the command of the last errand said."""
    return _file("log")


def _environment() -> dict[str, str]:
    """The shop's own, in which the database is the one that this process has open."""
    from smartduka.databases import aliases

    places = {"SMARTDUKA_DATA_DIR": str(settings.DATA_DIR), "BACKUP_DIR": str(settings.BACKUP_DIR)}
    return os.environ | places | {"DATABASE_URL": aliases.url_of()}


@contextmanager
def _lock(seconds: float) -> Iterator[sqlite3.Connection]:
    """An empty database whose lock ends with whoever holds it, on every system."""
    with closing(sqlite3.connect(_file("lock"), timeout=seconds, isolation_level=None)) as lock:
        yield lock


def _is_busy(error: sqlite3.OperationalError) -> bool:
    """Somebody has the lock. Where nobody may write, or no room is left, nobody has it, and nobody gets it."""
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _file(ending: str) -> Path:
    return settings.DATA_DIR / f"errand.{ending}"
