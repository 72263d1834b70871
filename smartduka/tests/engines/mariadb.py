"""A MariaDB for the tests: one that is named, or a private one when `mariadbd` is installed."""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
import pymysql

from smartduka.open_shops import free_port
from smartduka.tests.engines import servers
from smartduka.tests.engines.servers import Daemon, NotFoundError, Server

# The data live as long as the tests do, so nothing waits for a disk.
CAREFREE = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-flush-method=nosync",
    "--debug-no-sync",
)

_ELSEWHERE = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/usr/local/libexec", "/opt/homebrew/bin")


@contextmanager
def server() -> Iterator[Server]:
    """MYSQL_TEST_URL as it stands, otherwise a server of our own for as long as the tests run."""
    named = os.environ.get("MYSQL_TEST_URL")
    if named:
        try:
            version = _version(named)
        except pymysql.OperationalError as error:
            raise NotFoundError(f"MYSQL_TEST_URL does not answer: {error}") from error
        yield Server(named, version)
        return
    with private_server(*CAREFREE) as private:
        yield private


@contextmanager
def private_server(*options: str) -> Iterator[Server]:
    """A server of our own, in whatever way MariaDB works by itself unless options say otherwise."""
    programs = _program("mariadbd"), _program("mariadb-install-db")
    with servers.private_folder("mariadb") as folder, _private(*programs, folder, options) as private:
        yield private


@contextmanager
def _private(mariadbd: str, install: str, folder: Path, options: Sequence[str]) -> Iterator[Server]:
    data, first_words = folder / "data", folder / "first-words.sql"
    secret, port = secrets.token_urlsafe(24), free_port()
    first_words.write_text(
        f"CREATE USER IF NOT EXISTS smartduka@'127.0.0.1' IDENTIFIED BY '{secret}';\n"
        "GRANT ALL PRIVILEGES ON *.* TO smartduka@'127.0.0.1' WITH GRANT OPTION;\n",
        encoding="utf-8",
    )
    servers.hand_over(first_words)
    servers.run([install, "--no-defaults", f"--datadir={data}", "--skip-test-db", "--skip-name-resolve"])
    url = f"mysql://smartduka:{secret}@127.0.0.1:{port}/smartduka"
    daemon = Daemon(
        [
            mariadbd,
            "--no-defaults",
            f"--datadir={data}",
            f"--socket={folder / 'socket'}",
            f"--pid-file={folder / 'pid'}",
            f"--tmpdir={folder}",
            f"--init-file={first_words}",
            "--bind-address=127.0.0.1",
            f"--port={port}",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            *options,
        ],
        log=folder / "log",
        version=lambda: _version(url),
    )
    with servers.running(daemon) as version:
        yield Server(url, version, daemon)


def _program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_ELSEWHERE)))
    if not found:
        raise NotFoundError(f"no {name} found: install MariaDB's server, or name a server in MYSQL_TEST_URL")
    return found


def _version(url: str) -> str:
    parts = dj_database_url.parse(url)
    with (
        pymysql.connect(
            host=parts["HOST"],
            port=int(parts["PORT"] or 3306),
            user=parts["USER"],
            password=parts["PASSWORD"],
            connect_timeout=5,
            **parts.get("OPTIONS", {}),
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT VERSION()")
        return str(cursor.fetchone()[0]).partition("-")[0]
