"""What every private test server needs: a folder, an account that is not root, a port, a sure end."""

import os
import shutil
import signal
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


@dataclass
class Daemon:
    """A server program of our own, on data of its own, which can be started again after it was ended.

    It stands apart from the terminal, so that Ctrl-C ends the tests first and the server after them.
    """

    command: Sequence[str | Path]
    log: Path
    version: Callable[[], str]
    stop_signal: signal.Signals = signal.SIGTERM
    crash_signal: signal.Signals | None = None
    """SIGKILL where it is not said."""
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """The server's version, once it answers."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(),
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                **account(),
            )
        return _first_answer(self._process, self.version, self.log)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM if os.name == "nt" else self.stop_signal)

    def crash(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self._end(self.crash_signal)

    def _end(self, by: signal.Signals | None) -> None:
        if self._process is None:
            return
        if by is None:
            self._process.kill()
        else:
            self._process.send_signal(by)
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@dataclass(frozen=True)
class Server:
    """A server that answers, and where; one of our own has its daemon."""

    url: str
    version: str
    daemon: Daemon | None = None
    programs: str = ""
    """The folder of the client programs that suit it; those in PATH where it is not said."""


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
def running(daemon: Daemon) -> Iterator[str]:
    """Start a server, yield its version once it answers, stop it at the end whatever happened."""
    try:
        yield daemon.start()
    finally:
        daemon.stop()


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
