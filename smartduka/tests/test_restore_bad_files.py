"""Bad files given to `manage.py restore`: each is refused in a sentence, and nothing of the shop is different.

What is wrong with a file itself has tests of its own (`test_backup_bad_files.py`); here a shop stands behind it.
"""

import json
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections

from smartduka.backups import archive, shelf
from smartduka.databases import native, schema, scratch
from smartduka.databases.figures import Figures
from smartduka.open_shops import ROOT, shop_environment
from smartduka.tests.backupfiles import forge, names_in
from smartduka.tests.builders import what_is_written
from smartduka.tests.duka import Duka, digests
from smartduka.tests.native import known_as

Spoil = Callable[[Path, Path], object]
"""Makes a bad file of a good one."""


@pytest.fixture(scope="module")
def good(duka: Duka) -> Path:
    return back_up(duka)


@pytest.fixture(scope="module")
def portable(duka: Duka) -> Path:
    return back_up(duka, "--portable", "--no-verify")


def back_up(duka: Duka, *options: str) -> Path:
    folder = duka.folder / uuid.uuid4().hex
    call_command("backup", "--to", str(folder), *options, stdout=StringIO())
    (backup,) = shelf.backups(folder)
    return backup.path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.zip"


@pytest.fixture(autouse=True)
def prefix() -> Iterator[None]:
    """Of the scratch databases of one test, by which they are told from those of others on the server."""
    with patch.object(scratch, "PREFIX", f"smartduka_bad_{uuid.uuid4().hex[:8]}_"):
        yield


def refused(duka: Duka, file: Path) -> str:
    """What is said of it; and nothing is different afterwards."""
    duka.backups.mkdir(exist_ok=True)
    before = digests(), what_is_written(), names_in(duka.backups)
    with pytest.raises(CommandError) as refusal:
        call_command("restore", str(file), "--no-input", stdout=StringIO())
    assert (digests(), what_is_written(), names_in(duka.backups)) == before
    assert scratch_left() == []
    sentence = str(refusal.value)
    assert refusal.value.returncode == 1
    assert "\n" not in sentence
    assert sentence.endswith("Nothing was touched.")
    return sentence


def scratch_left() -> list[str]:
    """The databases that a refused restore forgot on the server."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database" if connection.vendor == "postgresql" else "SHOW DATABASES")
        return [name for (name,) in cursor.fetchall() if name.startswith(scratch.PREFIX)]


# --- The file itself -------------------------------------------------------------------------------------


def flip(good: Path, bad: Path) -> None:
    content = bytearray(good.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes(content)


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}


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
    with scratch.fresh_database(folder, scratch.url_of()) as url, known_as("other", url):
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


# --- Rows of a portable backup, with true checksums ------------------------------------------------------


@pytest.fixture(scope="module")
def migrated(duka: Duka) -> Iterator[str]:
    """A scratch database at the newest stage: to bring one there takes longer than all that is tried here."""
    with scratch.fresh_database(duka.folder, duka.url) as url:
        with scratch.beside(url) as alias:
            schema.bring_up_to_date(alias)
        yield url


@contextmanager
def loading_into(migrated: str) -> Iterator[None]:
    """Portable backups go into this database, which is there already."""

    @contextmanager
    def there(folder: Path, server: str) -> Iterator[str]:
        yield migrated

    with patch.object(scratch, "fresh_database", there), patch.object(schema, "bring_to"):
        yield


def with_lines(
    portable: Path,
    bad: Path,
    label: str,
    spoil: Callable[[list[bytes]], list[bytes]],
    *,
    figures: Figures | None = None,
) -> None:
    """The same backup with other lines of one model, and perhaps without figures by which to see it."""
    with archive.reading(portable) as old, archive.writing(bad) as new:
        for name, content in members(portable).items():
            with new.open_member(name) as sink:
                is_spoilt = name == f"models/{label}.jsonl"
                sink.write(b"".join(spoil(content.splitlines(keepends=True))) if is_spoilt else content)
        new.finish(replace(old.manifest, figures=figures))


def changed(**columns: Any) -> Callable[[list[bytes]], list[bytes]]:
    """Other values in the first row."""
    return lambda lines: [json.dumps(json.loads(lines[0]) | columns).encode() + b"\n", *lines[1:]]


def row_of(content: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [content, *lines[1:]]


ROWS: dict[str, tuple[str, Callable[[list[bytes]], list[bytes]]]] = {
    "half a line": ("inventory.Product", lambda lines: [lines[0][:50]]),
    "no line of JSON": ("inventory.Product", row_of(b"Dear Wanjiku\n")),
    "no UTF-8": ("inventory.Product", row_of(b"\xff\xfe\n")),
    "a list": ("inventory.Product", row_of(b"[1, 2, 3]\n")),
    "nested too deep": ("inventory.Product", row_of(b"[" * 100_000 + b"]" * 100_000 + b"\n")),
    "another column": ("inventory.Product", changed(colour="red")),
    "no such number": ("inventory.Product", changed(selling_price="sixty")),
    "not a number": ("inventory.Product", changed(selling_price="NaN")),
    "endless": ("inventory.Product", changed(selling_price="Infinity")),
    "a number where a document is": ("inventory.Product", changed(selling_price={"of": "bread"})),
    "no such instant": ("inventory.Product", changed(created_at="2026-13-45T00:00:00+00:00")),
    "too large for any engine": ("inventory.Product", changed(low_stock_threshold=10**30)),
    "too many digits": ("inventory.Product", changed(selling_price="1" * 40)),
    "half a character": ("inventory.Product", changed(name="\ud800")),
    "a row without its parent": ("sales.SaleLine", changed(sale_id=999_999)),
    "a row twice": ("sales.SaleLine", lambda lines: [lines[0], *lines]),
    "nothing where something must be": ("inventory.Product", changed(name=None)),
    "what the books forbid": ("inventory.Product", changed(stock_quantity=-1)),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_bad_row_is_refused(duka: Duka, portable: Path, bad: Path, migrated: str, kind: str):
    with_lines(portable, bad, *ROWS[kind])
    with loading_into(migrated):
        refused(duka, bad)


@pytest.mark.parametrize(
    "columns",
    [{"name": "A\0B"}, {"name": "x" * 5000}, {"sku": True}, {"name": "Renamed"}],
    ids=lambda columns: repr(columns)[:20],
)
def test_a_row_that_some_engine_would_take_is_refused_by_its_digest(
    duka: Duka, portable: Path, bad: Path, migrated: str, columns: dict[str, Any]
):
    figures = archive.glance(portable).figures
    with_lines(portable, bad, "inventory.Product", changed(**columns), figures=figures)
    with loading_into(migrated):
        refused(duka, bad)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("sales.Tender", None, "it has no models/sales.Tender.jsonl"),
        ("sales.Tender", "sales.Loan", "it has no models/sales.Tender.jsonl"),
        (None, "sales.Loan", "it has models/sales.Loan.jsonl, of which its migrations know nothing"),
    ],
)
def test_other_models_than_the_books_have_are_refused(
    duka: Duka, portable: Path, bad: Path, old: str | None, new: str | None, sentence: str
):
    content = members(portable)
    lines = content.pop(f"models/{old}.jsonl") if old else b""
    if new:
        content[f"models/{new}.jsonl"] = lines
    with archive.reading(portable) as found, archive.writing(bad) as writer:
        for name, each in content.items():
            with writer.open_member(name) as sink:
                sink.write(each)
        writer.finish(found.manifest)
    assert sentence in refused(duka, bad)
