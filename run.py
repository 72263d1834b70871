#!/usr/bin/env python3
"""SmartDuka from a bare machine.

    python3 run.py                         set the shop up and open it, with a demo the first time
    python3 run.py test [pytest arguments] run every test on every database engine found here

On Windows: `py run.py`. Standard library only. Every Python 3 from 3.6 on must be able to read this file,
so that an old one can say that it is too old.
"""

import sys

OLDEST_PYTHON = (3, 11)


def too_old(version):
    """The sentence for a Python that is too old, or nothing."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    return (
        "SmartDuka needs Python {}.{} or newer, and this is {}.{}. Install a newer one from "
        "https://www.python.org/downloads/ and start run.py with it, for example: python3.12 run.py"
    ).format(*OLDEST_PYTHON, *version[:2])


if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

import argparse
import errno
import hashlib
import importlib.util
import ipaddress
import json
import os
import re
import secrets
import signal
import socket
import subprocess
from pathlib import Path

from smartduka.terminal import Phase

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMPS = VENV / "installed-locks.json"
PIP_LOG = VENV / "pip.log"
ENV_FILE = ROOT / ".env"
SECONDS_TO_END = 30

SHOP_LOCK = "requirements.txt"
MYSQL_LOCK = "requirements-mysql.txt"
TEST_LOCK = "requirements-dev.txt"
# What a lock holds of other locks: installing the one installs the others.
CONTAINED = {TEST_LOCK: [SHOP_LOCK, MYSQL_LOCK]}

NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded"
    r"|name resolution|getaddrinfo failed|Network is unreachable|from versions: none"
)


class Ended(KeyboardInterrupt):
    """The window was closed, or the computer shuts down. Unlike Ctrl-C, only this process was told."""


class Refused(Exception):
    """The shop cannot be opened; the message is one sentence with the cure."""


def main(arguments):
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    try:
        if arguments[:1] == ["test"]:
            return test(arguments[1:])
        return open_shop(parse(arguments))
    except Refused as sentence:
        print(sentence, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"SmartDuka cannot work in {ROOT} ({error}): see who may write there.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


def end(number, frame):
    raise Ended


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Set SmartDuka up and open it. `run.py test` runs the tests instead.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=port_number, default=8000, help="the port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=1 if os.name == "nt" else 2, help="processes that serve (2)")
    parser.add_argument("--empty", action="store_true", help="no demo: the first page asks for the owner")
    return parser.parse_args(arguments)


def port_number(word):
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 65536):
        raise argparse.ArgumentTypeError("write a number from 1 to 65535, such as 8001")
    return int(word)


def open_shop(options):
    """Everything from nothing to a shop that serves; ends when the shop is closed."""
    refuse_taken_port(options.host, options.port)
    write_env(options.host)
    prepare([SHOP_LOCK, *([MYSQL_LOCK] if uses_mysql() else [])])
    command = [PYTHON, "manage.py", "open_shop", "--host", options.host, "--port", str(options.port)]
    command += ["--workers", str(options.workers), *(["--empty"] if options.empty else [])]
    try:
        return run(command, apart=True)
    except KeyboardInterrupt:
        print("\nThe shop is closed.")
        return 0


def test(arguments):
    """The whole suite on every engine; the last lines say what ran where."""
    prepare([TEST_LOCK])
    return run([PYTHON, "-m", "smartduka.tests.engines", *arguments])


def run(command, apart=False):
    """Run a program to its end; Ctrl-C ends it, and it may take its time to tidy up.

    A program that stands apart from the terminal is told by this one alone: the server's workers do not
    survive being told to stop twice, by the terminal and by their parent.
    """
    child = subprocess.Popen(command, cwd=ROOT, start_new_session=apart)
    try:
        return child.wait()
    except KeyboardInterrupt as how:
        knows = os.name == "nt" or not (apart or isinstance(how, Ended))
        for ask in (child.poll if knows else child.terminate, child.terminate, child.kill):
            ask()
            try:
                child.wait(SECONDS_TO_END)
                break
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                continue
        raise


# --- The ground: a port, a .env, an environment ------------------------------------------------------------


def refuse_taken_port(host, port):
    """Say before any work that nobody could reach the shop there."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # On POSIX a port is free again at once after a restart; on Windows that option would steal it.
            probe.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
            probe.bind(address)
    except PermissionError:
        raise Refused(f"Port {port} is for administrators: choose one above 1023, such as --port 8001.") from None
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise Refused(f"{host} is no address of this computer: leave out --host.") from None
        raise Refused(
            f"Port {port} at {host} is taken ({error.strerror}), perhaps by a SmartDuka that is open: "
            f"close that program, or choose another port: python3 run.py --port {port + 1}"
        ) from None


def write_env(host):
    """A `.env` with a secret of this shop's own, when there is none."""
    if ENV_FILE.exists():
        return
    lines = ["# Written by run.py. Every variable is explained in .env.example."]
    lines += [f"SECRET_KEY={secrets.token_urlsafe(50)}"]
    lines += ["HTTPS=off"] if is_loopback(host) else []
    with Phase("Writing .env with a fresh secret key"):
        file = os.open(ENV_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as text:
            text.write("\n".join(lines) + "\n")


def is_loopback(host):
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def uses_mysql():
    written = ENV_FILE.read_text(encoding="utf-8", errors="replace")
    named = re.search(r"^\s*(?:export\s+)?DATABASE_URL\s*=\s*[\"']?(\S*)", written, re.MULTILINE)
    url = os.environ.get("DATABASE_URL", named.group(1) if named else "")
    return url.startswith(("mysql", "mariadb"))


def prepare(locks):
    """A virtual environment with exactly what the locks name; nothing to do when they have not changed."""
    stamps = read_stamps()
    changed = [lock for lock in locks if stamps.get(lock) != fingerprint(lock)]
    if PYTHON.exists() and not changed:
        return
    if not has_pip():
        make_environment()
        stamps, changed = {}, locks
    install(changed)
    for lock in locks:
        for held in (lock, *CONTAINED.get(lock, [])):
            stamps[held] = fingerprint(held)
    STAMPS.write_text(json.dumps(stamps, indent=1), encoding="utf-8")


def read_stamps():
    try:
        return json.loads(STAMPS.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def fingerprint(lock):
    """Changes with the lock, and with the Python that its packages were chosen for."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]} {sys.platform}"
    return hashlib.sha256((ROOT / lock).read_bytes() + python.encode()).hexdigest()


def has_pip():
    """A half-made environment has none, and one whose Python was replaced has lost it."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0


def make_environment():
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Refused(
                f"This Python has no {module} module; on Debian or Ubuntu: sudo apt install "
                f"python{sys.version_info[0]}.{sys.version_info[1]}-venv, and start again."
            )
    with Phase("Making a virtual environment in .venv"):
        python = getattr(sys, "_base_executable", None) or sys.executable
        command = [python, "-m", "venv", "--clear", VENV]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise Refused(f".venv cannot be made ({said[-1]}): delete the folder .venv and start again.")


def install(locks):
    """Install the locks, hashes checked; what pip said is kept in .venv/pip.log."""
    count = sum(len(re.findall(r"^\S+==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)) for lock in locks)
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar=off"]
    command += ["--disable-pip-version-check"]
    for lock in locks:
        command += ["-r", lock]
    seen = 0
    plural = "" if count == 1 else "s"
    with PIP_LOG.open("w", encoding="utf-8") as log, Phase(f"Installing {count} package{plural}") as phase:
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
        pip = subprocess.Popen(command, cwd=ROOT, **both)
        try:
            for line in pip.stdout:
                log.write(line)
                if line.startswith(("Collecting", "Requirement already")):
                    seen += 1
                    phase.show(f"{seen} of {count}")
        except KeyboardInterrupt:
            pip.terminate()
            raise
        finally:
            pip.wait()
    if pip.returncode:
        raise Refused(why_pip_failed(PIP_LOG.read_text(encoding="utf-8")))


def why_pip_failed(said):
    """One sentence with the cure, out of what pip said."""
    if NO_NETWORK.search(said):
        return "The packages cannot be fetched without the Internet: connect this computer, and start again."
    if "No space left" in said:
        return "The disk is full: free about 300 MB, and start again."
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or ["pip failed"]
    return f"The packages cannot be installed ({errors[-1]}): see .venv/pip.log, and start again."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
