"""Bad files given to `manage.py restore`: each is refused in a sentence, and nothing of the shop is different.

What is wrong with a file itself has tests of its own (`test_backup_bad_files.py`); here a shop stands behind it.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from smartduka.backups import archive
from smartduka.databases import aliases, native, scratch
from smartduka.open_shops import ROOT, shop_environment
from smartduka.tests.backupfiles import forge
from smartduka.tests.badfiles import back_up, members, refused
from smartduka.tests.duka import Duka
from smartduka.tests.native import known_as

Spoil = Callable[[Path, Path], object]
"""Makes a bad file of a good one."""


@pytest.fixture(scope="module")
def good(duka: Duka) -> Path:
    return back_up(duka)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.zip"


# --- The file itself -------------------------------------------------------------------------------------


def flip(good: Path, bad: Path) -> None:
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes(content)


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as opened:
        told: dict[str, Any] = json.loads(opened.read("manifest.json"))
        return told


def with_the_manifest(**changes: Any) -> Spoil:
    """The same members under another manifest, sealed by somebody who knows how."""
    return lambda good, bad: forge(bad, members(good), manifest_of(good) | changes)


def with_figures_that_lie(good: Path, bad: Path) -> None:
    told = manifest_of(good)
    told["figures"]["sums"]["sales.Sale.total"] = "1000000.00"
    forge(bad, members(good), told)


def leading_elsewhere(good: Path, bad: Path) -> None:
    told = manifest_of(good)
    told["members"]["../slip"] = next(iter(told["members"].values()))
    forge(bad, {**members(good), "../slip": next(iter(members(good).values()))}, told)


def of_another_engine(good: Path, bad: Path) -> None:
    other = "mysql" if connection.vendor == "sqlite" else "sqlite"
    with_the_manifest(engine=other)(good, bad)


def of_tomorrow(good: Path, bad: Path) -> None:
    stages = [*manifest_of(good)["migrations"], ["sales", "0999_from_tomorrow"]]
    with_the_manifest(migrations=stages)(good, bad)


SPOILT: dict[str, tuple[Spoil, str]] = {
    "missing": (lambda good, bad: None, "it is not there"),
    "empty": (lambda good, bad: bad.touch(), "it is empty"),
    "a folder": (lambda good, bad: bad.mkdir(), "it is no file"),
    "a letter": (lambda good, bad: bad.write_text("Dear Wanjiku"), "it is no backup of SmartDuka"),
    "a copy of the database": (
        lambda good, bad: bad.write_bytes(next(iter(members(good).values()))),
        "it is no backup of SmartDuka",
    ),
    "another ZIP file": (
        lambda good, bad: zipfile.ZipFile(bad, "w").close(),
        "it is no backup of SmartDuka",
    ),
    "truncated": (lambda good, bad: bad.write_bytes(good.read_bytes()[:-1000]), "its end is missing"),
    "flipped": (flip, "it is damaged"),
    "of a newer format": (with_the_manifest(format=99), "it was made by a newer SmartDuka"),
    "of a newer schema": (of_tomorrow, "a newer SmartDuka made it"),
    "of another engine": (of_another_engine, "only a portable backup"),
    "without a member": (
        lambda good, bad: forge(bad, {}, manifest_of(good)),
        "which its manifest tells of, does not stand in it",
    ),
    "with a member that leads elsewhere": (leading_elsewhere, "leads elsewhere"),
    "with figures that lie": (with_figures_that_lie, "it does not hold what it tells"),
    "native, but not": (with_the_manifest(kind="portable"), "it has no models/"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_bad_file_is_refused(duka: Duka, good: Path, bad: Path, kind: str):
    spoil, sentence = SPOILT[kind]
    spoil(good, bad)
    assert sentence in refused(duka, bad)


def test_in_a_terminal_a_refusal_is_one_line_and_exit_code_1(duka: Duka, bad: Path):
    bad.write_text("Dear Wanjiku")
    done = subprocess.run(
        [sys.executable, "manage.py", "restore", str(bad), "--no-input"],
        cwd=ROOT,
        env=shop_environment(duka.url, duka.folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    flaw = "it is no backup of SmartDuka"
    assert done.stderr == f"CommandError: {bad} cannot be used as a backup: {flaw}. Nothing was touched.\n"


# --- The engine's own copy, with true checksums ----------------------------------------------------------


def with_the_copy(good: Path, bad: Path, content: bytes) -> None:
    """The same backup, with other bytes where the engine's own copy was."""
    with archive.reading(good) as old, archive.writing(bad) as new:
        with new.open_member(native.of(connection.vendor).member) as sink:
            sink.write(content)
        new.finish(old.manifest)


def copy_in(good: Path) -> bytes:
    return members(good)[native.of(connection.vendor).member]


def another_programs(folder: Path) -> bytes:
    """A sound copy of a database in which one table is called as one of ours."""
    file = folder / "copy"
    with scratch.fresh_database(folder, aliases.url_of()) as url, known_as("other", url):
        with connections["other"].cursor() as cursor:
            cursor.execute("CREATE TABLE inventory_product (id integer, title varchar(20))")
            cursor.execute("INSERT INTO inventory_product VALUES (1, 'Garbage')")
        native.of(connection.vendor).dump("other", file, without_rows=[])
    return file.read_bytes()


COPIES: dict[str, Callable[[Path, Path], bytes]] = {
    "nothing": lambda good, folder: b"",
    "garbage": lambda good, folder: b"Dear Wanjiku\n" * 1000,
    "half of it": lambda good, folder: copy_in(good)[: len(copy_in(good)) // 2],
    "without its end": lambda good, folder: copy_in(good)[:-5000],
    "another program's": lambda good, folder: another_programs(folder),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_that_is_not_the_shops_is_refused(duka: Duka, good: Path, bad: Path, tmp_path: Path, kind: str):
    with_the_copy(good, bad, COPIES[kind](good, tmp_path))
    refused(duka, bad)
