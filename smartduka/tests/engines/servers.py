"""What every private test server needs: a folder, an account that is not root, a port, a sure end."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS_TO_START = 60
SECONDS_TO_STOP = 20


class NotFoundError(Exception):
    """The engine is not to be had on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Server:
    """A server that answers, and where."""

    url: str
    version: str


def account() -> dict[str, Any]:
    """What `subprocess` needs to start a program as an ordinary user: servers refuse to be root's."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def private_folder(engine: str) -> Iterator[Path]:
    """A temporary folder that the server may write, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"smartduka-{engine}-"))
    try:
        hand_over(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def hand_over(path: Path) -> None:
    """Give a file or a tree to the account that the server runs as."""
    owner = account()
    if owner:
        for found in (path, *path.rglob("*")):
            os.chown(found, owner["user"], owner["group"], follow_symlinks=False)


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def run(command: Sequence[str | Path]) -> None:
    """Run a step of setting up; what it printed is shown only when it fails."""
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=_environment(),
        **account(),
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    version: Callable[[], str],
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[str]:
    """Start a server, yield its version once it answers, stop it at the end whatever happened.

    It stands apart from the terminal, so that Ctrl-C ends the tests first and the server after them.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            **account(),
        )
    try:
        yield _first_answer(process, version, log)
    finally:
        process.send_signal(signal.SIGTERM if os.name == "nt" else stop)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _first_answer(process: subprocess.Popen[bytes], version: Callable[[], str], log: Path) -> str:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return version()
        except Exception as error:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"The server that was started does not answer:\n{said}") from error
            time.sleep(0.1)


def _environment() -> dict[str, str]:
    """This environment without variables that would lead a client or a server elsewhere."""
    ours = {name: word for name, word in os.environ.items() if not name.startswith(("PG", "MYSQL", "MARIADB"))}
    return ours | {"LC_ALL": "C"}
