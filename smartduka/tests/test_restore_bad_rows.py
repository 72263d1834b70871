"""Bad rows in a portable backup, with true checksums: each is refused, and nothing of the shop is different."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from smartduka.backups import archive
from smartduka.databases import aliases, schema, scratch
from smartduka.databases.figures import Figures
from smartduka.tests.badfiles import back_up, members, refused
from smartduka.tests.duka import Duka


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.zip"


@pytest.fixture(scope="module")
def portable(duka: Duka) -> Path:
    return back_up(duka, "--portable", "--no-verify")


@pytest.fixture(scope="module")
def migrated(duka: Duka) -> Iterator[str]:
    """A scratch database at the newest stage: to bring one there takes longer than all that is tried here."""
    with scratch.fresh_database(duka.folder, duka.url) as url:
        with aliases.beside(url) as alias:
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
    "without an end": ("inventory.Product", lambda lines: [lines[0].rstrip(), b" " * (1 << 24), *lines[1:]]),
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
        assert ".." not in refused(duka, bad)


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
