"""A manifest comes back as it was written or is refused; its figures say in sentences where two databases differ."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartduka.backups import container
from smartduka.backups.manifest import Manifest
from smartduka.databases.figures import Figures
from smartduka.tests.backupfiles import BOOKS, MADE_AT, a_manifest, as_json, forge, forging, members_of, refused

EXPECTED = Figures(
    rows={"sales.Sale": 13, "inventory.Product": 2},
    sums={"sales.Sale.total": "1300.00"},
    newest={"sales.Sale": 21},
    digests={"sales.Sale": "ab" * 32},
)
LABELS = st.text(max_size=20)
FIELDS = sorted(as_json({}))


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.zip"


def test_it_comes_back_as_it_was_written():
    manifest = a_manifest(members=members_of(BOOKS))
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert Manifest.from_json(a_manifest(figures=None).to_json()) == a_manifest(figures=None)


@given(
    shop=st.text(),
    made_at=st.datetimes(datetime(1970, 1, 1), datetime(9998, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    rows=st.dictionaries(LABELS, st.integers(min_value=0)),
    sums=st.dictionaries(LABELS, st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str)),
)
def test_whatever_a_shop_is_called_and_holds_comes_back(shop, made_at, rows, sums):
    sums = {label: amount for label, amount in sums.items() if "E" not in amount}
    manifest = a_manifest(shop=shop, made_at=made_at, figures=Figures(rows=rows, sums=sums))
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_an_instant_keeps_its_microseconds_and_is_told_in_utc():
    in_nairobi = MADE_AT.astimezone(timezone(timedelta(hours=3)))
    assert b'"2026-11-20T10:45:12.345678+00:00"' in a_manifest(made_at=in_nairobi).to_json()


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match="made at an instant"):
        a_manifest(made_at=datetime(2026, 11, 20))  # noqa: DTZ001


def test_figures_that_agree_differ_in_nothing():
    assert list(EXPECTED.differences(EXPECTED)) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rows": {"sales.Sale": 12, "inventory.Product": 2}}, "sales.Sale: 12 rows instead of 13"),
        ({"rows": {"sales.Sale": 13}}, "inventory.Product: 0 rows instead of 2"),
        ({"rows": {**EXPECTED.rows, "sales.Return": 1}}, "sales.Return: 1 rows instead of 0"),
        ({"sums": {"sales.Sale.total": "1299.99"}}, "sales.Sale.total: a sum of 1299.99 instead of 1300.00"),
        ({"sums": {}}, "sales.Sale.total: a sum of 0 instead of 1300.00"),
        ({"newest": {"sales.Sale": 20}}, "sales.Sale: newest row 20 instead of 21"),
        ({"newest": {}}, "sales.Sale: newest row none instead of 21"),
        ({"digests": {"sales.Sale": "cd" * 32}}, f"sales.Sale: content {'cd' * 32} instead of {'ab' * 32}"),
    ],
)
def test_each_difference_is_a_sentence(changed, sentence):
    found = Figures(**{**vars(EXPECTED), **changed})
    assert list(found.differences(EXPECTED)) == [sentence]


def test_all_differences_are_told():
    assert len(list(Figures(digests={"sales.Sale": "cd" * 32}).differences(EXPECTED))) == 5


def test_engines_may_write_the_same_sum_differently():
    found = Figures(**{**vars(EXPECTED), "sums": {"sales.Sale.total": "1300.0"}})
    assert list(found.differences(EXPECTED)) == []


def test_digests_are_compared_where_both_took_them():
    assert list(Figures(**{**vars(EXPECTED), "digests": {}}).differences(EXPECTED)) == []


# --- What is refused -------------------------------------------------------------------------------------


def test_a_backup_without_a_manifest_is_refused(bad):
    with forging(bad) as forged:
        forged.writestr("database.sqlite3", b"1")
    assert refused(bad) == "it is no backup of SmartDuka: it has no manifest"


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff\xfe", b"[" * 100_000, b'{"format": ' + b"9" * 5000 + b"}"]
)
def test_a_manifest_that_is_no_json_is_refused(bad, content):
    forge(bad, manifest=content)
    assert refused(bad) == "its manifest is no JSON object"


def test_a_manifest_that_is_too_large_is_refused(bad, monkeypatch):
    monkeypatch.setattr(container, "_LARGEST_MANIFEST", 100)
    forge(bad)
    assert refused(bad) == "its manifest is too large to be one"


def test_a_newer_format_is_refused_whatever_else_it_tells(bad):
    forge(bad, manifest={"program": "SmartDuka", "format": 2, "colour": "green"})
    assert refused(bad) == "it was made by a newer SmartDuka. Bring this one up to date first"


def test_a_backup_of_another_program_is_refused(bad):
    forge(bad, manifest={**as_json(members_of(BOOKS)), "program": "OtherDuka"})
    assert refused(bad) == "it was not made by SmartDuka"


@pytest.mark.parametrize("name", FIELDS)
def test_a_manifest_that_lacks_a_field_is_refused(bad, name):
    told = as_json(members_of(BOOKS))
    del told[name]
    forge(bad, manifest=told)
    assert refused(bad) == f"its manifest does not tell {name}"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("program", 1),
        ("format", "1"),
        ("format", True),
        ("format", 1.0),
        ("kind", "cloned"),
        ("version", 5),
        ("engine", "oracle"),
        ("engine_version", None),
        ("made_at", 1),
        ("made_at", "yesterday"),
        ("made_at", "2026-11-20T10:45:12"),
        ("made_at", "2026-11-20T10:45:12+03:00"),
        ("made_at", "9999-12-31T23:59:59+00:00"),
        ("shop", ["Duka"]),
        ("shop", "Duka \ud83d"),
        ("cause", "boredom"),
        ("migrations", {}),
        ("migrations", [["sales"]]),
        ("migrations", [["sales", 1]]),
        ("migrations", [["sales", "\udcff"]]),
        ("figures", []),
        ("is_verified", 1),
        ("has_checked_books", "yes"),
        ("members", []),
        ("members", {"database.sqlite3": 1}),
        ("members", {"\ud83d": {"size": 0, "sha256": "ab" * 32}}),
    ],
)
def test_a_manifest_with_a_field_of_another_form_is_refused(bad, name, wrong):
    forge(bad, manifest={**as_json(members_of(BOOKS)), name: wrong})
    assert refused(bad) == f"its manifest tells {name} in a form that cannot be read"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("rows", {"sales.Sale": 13.0}),
        ("rows", {"sales.Sale": -1}),
        ("sums", {"sales.Sale.total": 12.5}),
        ("sums", {"sales.Sale.total": "1e9"}),
        ("sums", {"sales.Sale.total": "NaN"}),
        ("newest", {"sales.Sale": None}),
        ("digests", {"sales.Sale": "AB" * 32}),
    ],
)
def test_figures_that_are_not_exact_are_refused(bad, name, wrong):
    told = as_json(members_of(BOOKS))
    told["figures"][name] = wrong
    forge(bad, manifest=told)
    assert refused(bad) == f"its manifest tells figures.{name} in a form that cannot be read"


@pytest.mark.parametrize("wrong", [{"size": -1}, {"size": 1.0}, {"sha256": "ab"}, {"sha256": None}])
def test_a_member_that_is_told_wrongly_is_refused(bad, wrong):
    told = as_json(members_of(BOOKS))
    told["members"]["media/chai.txt"] |= wrong
    forge(bad, manifest=told)
    assert refused(bad) == f"its manifest tells members.{min(wrong)} in a form that cannot be read"


def test_a_field_that_nobody_knows_is_refused(bad):
    forge(bad, manifest={**as_json(members_of(BOOKS)), "colour": "green"})
    assert refused(bad) == "its manifest tells 'colour', which this SmartDuka does not know"
