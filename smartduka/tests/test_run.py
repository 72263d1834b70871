"""`run.py`: a bare machine becomes a shop that serves, or one sentence says why not. No network is used."""

import ast
import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

import run

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these modes nor these signals")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with locks and nothing else, which run.py takes for its own."""
    for lock in (run.SHOP_LOCK, run.MYSQL_LOCK, run.TEST_LOCK):
        (tmp_path / lock).write_text("# nothing\n", encoding="utf-8")
    venv = tmp_path / ".venv"
    places = {
        "ROOT": tmp_path,
        "VENV": venv,
        "PYTHON": venv / "bin" / "python",
        "STAMPS": venv / "installed-locks.json",
        "PIP_LOG": venv / "pip.log",
        "ENV_FILE": tmp_path / ".env",
    }
    for name, path in places.items():
        monkeypatch.setattr(run, name, path)
    return tmp_path


@pytest.fixture
def installed(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was made and installed, in order, instead of doing it."""
    done: list[list[str]] = []

    def make_environment() -> None:
        run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        run.PYTHON.touch()
        done.append(["environment"])

    monkeypatch.setattr(run, "make_environment", make_environment)
    monkeypatch.setattr(run, "has_pip", run.PYTHON.exists)
    monkeypatch.setattr(run, "install", lambda locks: done.append(list(locks)))
    return done


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


# --- An old Python -----------------------------------------------------------------------------------------


def test_an_old_python_can_read_run_py() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize(("version", "is_refused"), [((3, 6, 9), True), ((3, 10, 14), True), ((3, 11, 0), False)])
def test_python_3_11_is_the_oldest_that_will_do(version: tuple[int, ...], is_refused: bool) -> None:
    assert bool(run.too_old(version)) is is_refused


def test_an_old_python_is_refused_in_one_sentence_before_anything_else(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit) as refusal:
        runpy.run_path(str(ROOT / "run.py"), run_name="__main__")

    assert str(refusal.value.code).startswith("SmartDuka needs Python 3.11 or newer, and this is 3.9.")
    assert not (project / ".env").exists()


# --- A port ------------------------------------------------------------------------------------------------


def test_a_taken_port_is_refused_with_another_to_choose(
    project: Path, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--port", str(taken_port)]) == 1

    said = capsys.readouterr().err
    assert said.startswith(f"Port {taken_port} at 127.0.0.1 is taken")
    assert said.strip().endswith(f"python3 run.py --port {taken_port + 1}")
    assert not (project / ".env").exists()
    assert not (project / ".venv").exists()


def test_another_computers_address_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--host", "192.0.2.1"]) == 1

    assert capsys.readouterr().err.startswith("192.0.2.1 is no address of this computer")
    assert not (project / ".env").exists()


@pytest.mark.parametrize("port", ["0", "70000", "-1", "http", "٨٠٠٠"])
def test_a_port_that_is_none_is_refused(project: Path, port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refusal:
        run.main(["--port", port])

    assert refusal.value.code == 2
    assert "write a number from 1 to 65535" in capsys.readouterr().err
    assert not (project / ".env").exists()


# --- .env --------------------------------------------------------------------------------------------------


@POSIX_ONLY
def test_the_first_start_writes_a_secret_key_that_only_its_owner_can_read(project: Path) -> None:
    run.write_env("127.0.0.1")

    written = run.ENV_FILE.read_text(encoding="utf-8")
    assert re.search(r"^SECRET_KEY=\S{60,}$", written, re.MULTILINE)
    assert "\nHTTPS=off\n" in written
    assert run.ENV_FILE.stat().st_mode & 0o777 == 0o600


def test_every_shop_gets_a_key_of_its_own(project: Path) -> None:
    run.write_env("127.0.0.1")
    first = run.ENV_FILE.read_text(encoding="utf-8")
    run.ENV_FILE.unlink()
    run.write_env("127.0.0.1")

    assert run.ENV_FILE.read_text(encoding="utf-8") != first


def test_a_shop_on_the_network_is_not_opened_without_https_by_itself(project: Path) -> None:
    run.write_env("192.0.2.1")

    assert "HTTPS" not in run.ENV_FILE.read_text(encoding="utf-8")


def test_an_env_file_that_stands_is_left_as_it_is(project: Path) -> None:
    run.ENV_FILE.write_text("SECRET_KEY=mine\n", encoding="utf-8")

    run.write_env("127.0.0.1")

    assert run.ENV_FILE.read_text(encoding="utf-8") == "SECRET_KEY=mine\n"


# --- The environment ---------------------------------------------------------------------------------------


def test_a_lock_is_installed_once_until_it_changes(project: Path, installed: list[list[str]]) -> None:
    run.prepare([run.SHOP_LOCK])
    run.prepare([run.SHOP_LOCK])
    assert installed == [["environment"], [run.SHOP_LOCK]]

    (project / run.SHOP_LOCK).write_text("django==5.2.99\n", encoding="utf-8")
    run.prepare([run.SHOP_LOCK])
    assert installed[2:] == [[run.SHOP_LOCK]]


def test_another_python_installs_again(installed: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    run.prepare([run.SHOP_LOCK])
    monkeypatch.setattr(sys, "version_info", (3, 99, 0, "final", 0))

    run.prepare([run.SHOP_LOCK])

    assert installed == [["environment"], [run.SHOP_LOCK], [run.SHOP_LOCK]]


def test_the_test_lock_holds_the_shops(installed: list[list[str]]) -> None:
    run.prepare([run.TEST_LOCK])
    run.prepare([run.SHOP_LOCK, run.MYSQL_LOCK])

    assert installed == [["environment"], [run.TEST_LOCK]]


def test_an_interrupted_installation_is_done_again(
    installed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(locks: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run, "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run.prepare([run.SHOP_LOCK])
    run.prepare([run.SHOP_LOCK])

    assert installed == [["environment"], [run.SHOP_LOCK]]


def test_a_half_made_environment_is_made_again_with_everything_in_it(installed: list[list[str]]) -> None:
    run.prepare([run.TEST_LOCK])
    run.PYTHON.unlink()

    run.prepare([run.SHOP_LOCK])

    assert installed[2:] == [["environment"], [run.SHOP_LOCK]]
    assert run.TEST_LOCK not in run.read_stamps()


def test_a_python_without_venv_is_told_the_package_to_install(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(run, "refuse_taken_port", lambda host, port: None)

    assert run.main([]) == 1

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"sudo apt install python{version}-venv" in capsys.readouterr().err


def test_without_a_network_one_sentence_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pip = {"INDEX_URL": "http://127.0.0.1:9/", "RETRIES": "0", "CONFIG_FILE": os.devnull}
    for name, word in ({"EXTRA_INDEX_URL": "", "FIND_LINKS": ""} | pip).items():
        monkeypatch.setenv(f"PIP_{name}", word)
    (project / run.SHOP_LOCK).write_text(f"smartduka-none==1 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    run.VENV.mkdir()
    monkeypatch.setattr(run, "PYTHON", Path(_python_with_pip()))
    monkeypatch.setattr(run, "refuse_taken_port", lambda host, port: None)

    assert run.main([]) == 1

    told = capsys.readouterr()
    assert told.err == (
        "The packages cannot be fetched without the Internet: connect this computer, and start again.\n"
    )
    assert not run.STAMPS.exists()


def test_another_failure_of_pip_is_quoted() -> None:
    said = "Collecting django\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"

    assert "DO NOT MATCH THE HASHES" in run.why_pip_failed(said)


@pytest.mark.parametrize("contained", run.CONTAINED[run.TEST_LOCK])
def test_the_test_lock_has_every_package_of_the_shop_at_the_same_version(contained: str) -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^(\S+==\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))

    assert pins(contained)
    assert pins(contained) <= pins(run.TEST_LOCK)


def test_a_shop_on_mariadb_gets_its_driver(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    run.ENV_FILE.write_text("DATABASE_URL=mysql://duka@localhost/duka\n", encoding="utf-8")
    assert run.uses_mysql()

    monkeypatch.setenv("DATABASE_URL", "postgres://duka@localhost/duka")
    assert not run.uses_mysql()


def _python_with_pip() -> str:
    """This Python, or the one it was made from: not every environment has pip."""
    for python in (sys.executable, sys._base_executable):  # type: ignore[attr-defined]
        if subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode == 0:
            return python
    pytest.skip("no pip here")
