"""A shop that is open: `manage.py open_shop`, as a person starts it, with its worker processes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 1 if os.name == "nt" else 2
"""As `run.py` starts it."""
SECONDS_TO_OPEN = 120
SECONDS_TO_CLOSE = 20


@dataclass(frozen=True)
class OpenShop:
    """Where the shop answers, and the process that keeps its workers."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    environment: dict[str, str]

    def workers(self) -> list[int]:
        """The processes that serve, by id. Linux only."""
        return [pid for pid in self._children() if b"spawn_main" in _read(pid, "cmdline")]

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _children(self) -> list[int]:
        """All that the server started; in /proc/…/stat the parent is the second word after the name."""
        numbers = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
        parents = {pid: _read(pid, "stat").rpartition(b")")[2].split() for pid in numbers}
        return sorted(pid for pid, words in parents.items() if words[1:2] == [str(self.process.pid).encode()])


@contextmanager
def open_shop(url: str, data_dir: Path) -> Iterator[OpenShop]:
    """Bring the database up to date, serve it on a port of loopback, and close whatever happens.

    It belongs to the terminal like its caller, so that whoever stops the one stops both.
    Shops that share a `data_dir` share the prepared pages in it.
    """
    port, log = free_port(), data_dir / "shop.log"
    environment = shop_environment(url, data_dir)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 – our own program
            [sys.executable, "manage.py", "open_shop", "--empty", f"--port={port}", f"--workers={WORKERS}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    shop = OpenShop(port, process, log, environment)
    try:
        _wait_until_open(shop)
        yield shop
    finally:
        _close(shop)


def shop_environment(url: str, data_dir: Path) -> dict[str, str]:
    """What a program of the shop needs to be told, as in a real shop on one's own computer."""
    ours = {"DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(data_dir), "DEBUG": "off", "HTTPS": "off"}
    return os.environ | ours


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_open(shop: OpenShop) -> None:
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while not _answers(shop.port):
        if shop.process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The shop does not open:\n{shop.said()}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _close(shop: OpenShop) -> None:
    """Ask once; what is still there then is ended, worker by worker."""
    workers = shop.workers()
    shop.process.terminate()
    try:
        shop.process.wait(SECONDS_TO_CLOSE)
    except subprocess.TimeoutExpired:
        shop.process.kill()
        shop.process.wait()
    for pid in workers:
        if b"spawn_main" in _read(pid, "cmdline"):
            os.kill(pid, signal.SIGKILL)


def _read(pid: int, name: str) -> bytes:
    """A file of a process; nothing once it has ended."""
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""
