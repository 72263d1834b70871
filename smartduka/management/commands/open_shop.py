"""Bring the shop up to date, fill it when it is new, and serve it. `python3 run.py` starts this."""

import hashlib
import http.client
import ipaddress
import json
import multiprocessing
import secrets
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection, connections

from smartduka import first_owner, presence, private
from smartduka.databases.outages import first_line
from smartduka.management.telling import TellingCommand
from smartduka.rounds import Rounds
from smartduka.terminal import Phase
from smartduka.upgrading import bring_up_to_date

DEMO_DAYS = 14
SECONDS_TO_ANSWER = 60
SECONDS_TO_CLOSE = 5
SECONDS_TO_REST = 1
THREADS_PER_WORKER = 4
PAGES_STAMP = "static-files.sha256"
"""Beside the prepared pages: what they were made of."""
# Letters and digits that nobody confuses when reading them off a screen.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class Command(TellingCommand):
    help = "Bring the shop up to date, fill it with a demo when it is new, and serve it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--empty", action="store_true", help="no demo: the first page asks for the owner")

    def handle(self, *, host: str, port: int, workers: int, empty: bool, **options: Any) -> None:
        try:
            bring_up_to_date(self.tell)
            wants_demo = not empty and is_new()
            refuse_open_network(host, wants_demo=wants_demo)
            if wants_demo:
                self.tell(f"Filling the new shop with {DEMO_DAYS} days of demo trade")
                # It also prints the logins, which come last here, under the address.
                call_command("demo", days=DEMO_DAYS, stdout=StringIO())
            code = first_owner_code()
            collect_static_files()
            connections.close_all()
            with Rounds() as rounds:
                serve(host, port, workers, welcome=lambda: self.open(host, port, code, rounds))
        except DatabaseError as error:
            presence.refuse_damaged(error)
            if not isinstance(error, OperationalError):
                raise
            raise CommandError(
                f"The database does not answer ({first_line(error)}): start it, or correct DATABASE_URL."
            ) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def open(self, host: str, port: int, code: str, rounds: Rounds) -> None:
        """Once the shop answers: say so, and begin with what it does by itself."""
        self.welcome(host, port, code)
        rounds.begin()

    def welcome(self, host: str, port: int, code: str) -> None:
        """The address and how to get in, once the shop answers there."""
        name = f"[{host}]" if ":" in host else host
        self.stdout.write(f"\nSmartDuka is open at http://{name}:{port}/")
        if code:
            self.stdout.write(f"Make the owner's account at http://{name}:{port}/welcome/ with this code: {code}")
        for role, login in demo_logins().items():
            self.stdout.write(f"  {role:<8} {login['username']:<10} {login['password']}")
        self.stdout.write("Ctrl-C closes the shop.")
        self.stdout.flush()


# --- A demo, or none ---------------------------------------------------------------------------------------


def is_new() -> bool:
    """Nobody works here and nothing is sold here, and nobody has asked for the shop to stay empty."""
    products = apps.get_model("inventory", "Product").objects
    return first_owner.is_awaited() and not first_owner.code_file().exists() and not products.exists()


# --- Who gets in -------------------------------------------------------------------------------------------


def refuse_open_network(host: str, *, wants_demo: bool) -> None:
    """Demo logins are for this computer only."""
    if is_loopback(host):
        return
    if demo_logins():
        raise CommandError(
            f"The demo logins in {logins_file()} must not be reached from the network: change those people's "
            "passwords under Setup, People, delete that file, and start again."
        )
    if wants_demo:
        raise CommandError(
            "A demo shop is for this computer only: leave out --host, or add --empty for a shop of your own."
        )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def logins_file() -> Path:
    return settings.DATA_DIR / "demo-logins.json"


def demo_logins() -> dict[str, dict[str, str]]:
    """Role → username and password, as the demo left them; none in a shop of one's own."""
    try:
        return json.loads(logins_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def first_owner_code() -> str:
    """The one-time code that the page for the first owner asks for; none once there is a person."""
    file = first_owner.code_file()
    if not first_owner.is_awaited():
        file.unlink(missing_ok=True)
        return ""
    if not file.exists():
        code = "-".join("".join(secrets.choice(CODE_LETTERS) for _ in range(5)) for _ in range(2))
        with private.new(file) as kept:
            kept.write(code.encode())
    return file.read_text(encoding="utf-8").strip()


# --- Pages -------------------------------------------------------------------------------------------------


def collect_static_files() -> None:
    """Copy, hash and compress the static files when one of them has changed since the last time."""
    stamp = settings.DATA_DIR / PAGES_STAMP
    wanted = fingerprint_of_static_files()
    if settings.DEBUG or (stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        return
    with Phase("Preparing the pages"):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, skip_checks=True)
        stamp.write_text(wanted, encoding="utf-8")


def fingerprint_of_static_files() -> str:
    """Changes when a file is added, removed or touched."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    return digest.hexdigest()


def serve(host: str, port: int, workers: int, welcome: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `welcome` is called once the shop answers."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # A forked worker would begin with this process's signal handlers, and could miss that the shop closes.
    multiprocessing.set_start_method("spawn")
    is_open = threading.Event()
    threading.Thread(target=_greet, args=(host, port, welcome, is_open), daemon=True).start()
    while True:
        server = Granian(
            "smartduka.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS_PER_WORKER,
            respawn_failed_workers=True,
            workers_kill_timeout=SECONDS_TO_CLOSE,
            log_level=LogLevels.error,
        )
        try:
            server.serve()
        except SystemExit:
            # A worker died again right after it was replaced, and granian gave up. A shop that was open does not,
            # unless it is gone, or newer than this program by now.
            time.sleep(SECONDS_TO_REST)
            if server.interrupt_signal or not is_open.is_set():
                raise
            presence.make_sure()
            connection.close()
        else:
            return


def _greet(host: str, port: int, welcome: Callable[[], None], is_open: threading.Event) -> None:
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        try:
            asked = http.client.HTTPConnection(near, port, timeout=5)
            asked.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
            asked.getresponse()
            asked.close()
        except OSError:
            time.sleep(0.05)
        else:
            is_open.set()
            welcome()
            connection.close()  # which is this thread's own
            return
