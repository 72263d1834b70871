"""Twelve ways and more to spoil a backup: each is refused in a sentence, and nothing of it is used."""

import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from smartduka.backups import archive, container, streams
from smartduka.backups.flaws import BadBackupError
from smartduka.backups.manifest import Member
from smartduka.tests.backupfiles import BOOKS, a_backup, as_json, forge, forging, members_of, refused, reseal

LEADING_ELSEWHERE = ["../x", "/abs", "C:\\x", "C:x", "..\\x", "a/../../x", "./x", "a//b", "a/", "..", "x/\u0007"]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "backup.zip"
    a_backup(path)
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return tmp_path / "bad.zip"


# --- Files that are no backup, or no longer one ----------------------------------------------------------


def test_what_is_not_there_is_refused(bad):
    assert refused(bad) == "it is not there"


def test_a_folder_is_refused(bad):
    bad.mkdir()
    assert refused(bad) == "it is no file"


def test_a_file_that_may_not_be_read_is_refused(good, monkeypatch):
    def denied(*args: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert refused(good) == "it cannot be read (Permission denied)"


def test_a_stick_that_is_pulled_out_meanwhile_is_told(good, monkeypatch):
    def gone(*args: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(zipfile.ZipExtFile, "read", gone)
    assert refused(good) == "it cannot be read (Input/output error)"


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", "it is empty"),
        (b"P", "it is no backup of SmartDuka"),
        (b"The takings of November\n", "it is no backup of SmartDuka"),
        (b"SQLite format 3\0" + bytes(4080), "it is no backup of SmartDuka"),
        (b"PK\3\4", "its end is missing"),
        (b"PK\3\4" + bytes(1000), "its end is missing"),
        (b"PK\3\4" + b"0" * 64, "it is damaged, or was changed since it was made"),
    ],
)
def test_another_file_is_refused(bad, content, flaw):
    bad.write_bytes(content)
    assert refused(bad) == flaw


def test_a_foreign_zip_file_is_refused(bad):
    with zipfile.ZipFile(bad, "w") as foreign:
        foreign.writestr("letter.txt", "Dear Wanjiku")
    assert refused(bad) == "it is a ZIP file, but not as SmartDuka wrote it"


def test_a_backup_that_was_packed_anew_by_another_program_is_refused(good, bad):
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as again:
        for name in source.namelist():
            again.writestr(name, source.read(name))
    assert refused(bad) == "it is a ZIP file, but not as SmartDuka wrote it"


@pytest.mark.parametrize("tenths", range(1, 10))
def test_a_truncated_backup_is_refused(good, bad, tenths):
    whole = good.read_bytes()
    bad.write_bytes(whole[: len(whole) * tenths // 10])
    assert refused(bad) == "its end is missing"


def test_a_backup_that_goes_on_after_its_end_is_refused(good, bad):
    bad.write_bytes(good.read_bytes() + b"\0")
    assert refused(bad) == "it is a ZIP file, but not as SmartDuka wrote it"


# --- Flipped bits ----------------------------------------------------------------------------------------


def each_flipped(content: bytes) -> list[bytes]:
    """The same with one bit turned, at every byte."""
    return [
        content[:place] + bytes([content[place] ^ (1 << place % 8)]) + content[place + 1 :]
        for place in range(len(content))
    ]


def is_refused(path: Path) -> bool:
    """By a BadBackupError; any other error passes on."""
    try:
        with archive.reading(path):
            return False
    except BadBackupError:
        return True


@pytest.fixture
def flipped(tmp_path: Path) -> list[bytes]:
    """A small backup, flipped at each of its bytes."""
    a_backup(tmp_path / "small.zip", {"database.sqlite3": b"duka" * 20})
    return each_flipped((tmp_path / "small.zip").read_bytes())


def test_every_flipped_bit_is_found(flipped, bad):
    for content in flipped:
        bad.write_bytes(content)
        assert is_refused(bad)


def test_control_without_the_seal_flipped_bits_stay_unseen(flipped, bad, monkeypatch):
    monkeypatch.setattr(container, "check_seal", lambda stream: None)
    unseen = 0
    for content in flipped[::2]:
        bad.write_bytes(content)
        unseen += not is_refused(bad)
    assert unseen > 25


def test_a_list_of_backups_is_not_stopped_by_any_of_them(flipped, bad):
    for content in flipped[::2]:
        bad.write_bytes(content)
        with suppress(BadBackupError):
            archive.glance(bad)


def test_what_was_flipped_before_it_was_sealed_never_comes_out_as_something_else(flipped, bad):
    for content in flipped[:-64:2]:
        reseal(bad, content)
        with suppress(BadBackupError), archive.reading(bad) as backup, backup.open("database.sqlite3") as stream:
            assert stream.read() == b"duka" * 20


@pytest.mark.parametrize("tenths", range(1, 10))
def test_what_was_cut_off_before_it_was_sealed_is_refused(good, bad, tenths):
    whole = good.read_bytes()
    reseal(bad, whole[: len(whole) * tenths // 10])
    assert refused(bad) == "it is damaged"


# --- Forged, with a true seal ----------------------------------------------------------------------------


def test_what_is_forged_well_is_read(bad):
    forge(bad)
    with archive.reading(bad) as backup:
        assert backup.manifest.members == members_of(BOOKS)


@pytest.mark.parametrize("name", LEADING_ELSEWHERE)
def test_a_name_that_leads_elsewhere_is_refused(bad, name):
    forge(bad, {**BOOKS, name: b"harm"})
    assert refused(bad) == f"it holds a file with the name {name!r}, which leads elsewhere"


def test_control_unchecked_names_write_outside_of_the_folder(bad, tmp_path, monkeypatch):
    monkeypatch.setattr(container, "is_plain", lambda name: True)
    forge(bad, {"../x": b"harm"})
    inside = tmp_path / "inside"
    inside.mkdir()
    with archive.reading(bad) as backup:
        for name in backup.manifest.members:
            backup.extract(name, inside / name)
    assert (tmp_path / "x").read_bytes() == b"harm"


def test_a_member_too_many_is_refused(bad):
    forge(bad, {**BOOKS, "extra.sh": b"harm"}, told_of=BOOKS)
    assert refused(bad) == "its manifest does not know extra.sh, which stands in it"


def test_a_missing_member_is_refused(bad):
    forge(bad, {"media/chai.txt": BOOKS["media/chai.txt"]}, told_of=BOOKS)
    assert refused(bad) == "database.sqlite3, which its manifest tells of, does not stand in it"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["database.sqlite3", "manifest.json"])
def test_a_member_that_stands_there_twice_is_refused(good, bad, name):
    with zipfile.ZipFile(good) as source, forging(bad) as forged:
        for each in [*source.namelist(), name]:
            forged.writestr(each, source.read(each))
    assert refused(bad) == f"{name} stands in it twice"


def test_other_content_of_the_same_size_is_refused(bad):
    forge(bad, {"database.sqlite3": b"200 shillings"}, told_of={"database.sqlite3": b"900 shillings"})
    assert refused(bad) == "database.sqlite3 in it is not what its manifest tells"


def test_control_without_its_hash_other_content_is_taken(bad, monkeypatch):
    monkeypatch.setattr(streams.Checking, "_check_end", lambda self: None)
    forge(bad, {"database.sqlite3": b"200 shillings"}, told_of={"database.sqlite3": b"900 shillings"})
    assert not is_refused(bad)


def test_a_member_of_another_size_is_refused(bad):
    forge(bad, {"database.sqlite3": b"harm and more"}, told_of={"database.sqlite3": b"harm"})
    assert refused(bad) == "database.sqlite3 in it is of another size than its manifest tells"


@pytest.mark.parametrize("lie", [1, 40_000_000])
def test_a_size_that_lies_in_both_places_is_refused(bad, lie):
    content = b"200 shillings"
    told = members_of({"database.sqlite3": content})["database.sqlite3"]
    with forging(bad) as forged:
        forged.writestr("database.sqlite3", content)
        forged.writestr("manifest.json", json.dumps(as_json({"database.sqlite3": Member(lie, told.sha256)})))
        forged.getinfo("database.sqlite3").file_size = lie
    assert refused(bad) in {"it is damaged", "database.sqlite3 in it is not what its manifest tells"}


def test_a_bomb_is_refused_before_it_is_unpacked(bad, monkeypatch):
    monkeypatch.setattr(container, "_UNSUSPICIOUS", 1_000_000)
    forge(bad, {"zeros": bytes(30_000_000)})
    assert bad.stat().st_size < 40_000
    monkeypatch.setattr(archive.Archive, "open", unpacked)
    assert refused(bad) == "it tells of more than it can hold"


def unpacked(*args: Any) -> None:
    pytest.fail("It was unpacked.")


def test_control_without_the_bound_a_bomb_is_unpacked(bad, monkeypatch):
    monkeypatch.setattr(container, "_UNSUSPICIOUS", 40_000_000)
    forge(bad, {"zeros": bytes(30_000_000)})
    assert not is_refused(bad)


def encrypted(info: zipfile.ZipInfo) -> None:
    info.flag_bits |= 0x1


def patched(info: zipfile.ZipInfo) -> None:
    info.flag_bits |= 0x20


def linked(info: zipfile.ZipInfo) -> None:
    info.external_attr = 0o120777 << 16


def piped(info: zipfile.ZipInfo) -> None:
    info.external_attr = 0o010600 << 16


def packed_otherwise(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_LZMA


@pytest.mark.parametrize("name", ["database.sqlite3", "manifest.json"])
@pytest.mark.parametrize(
    ("spoil", "flaw"),
    [
        (encrypted, "is encrypted"),
        (patched, "is packed in a way that SmartDuka does not use"),
        (linked, "is no plain file"),
        (piped, "is no plain file"),
        (packed_otherwise, "is packed in a way that SmartDuka does not use"),
    ],
)
def test_what_a_backup_never_holds_is_refused(
    good, bad, name: str, spoil: Callable[[zipfile.ZipInfo], None], flaw: str
):
    with zipfile.ZipFile(good) as source, forging(bad) as forged:
        for each in source.namelist():
            forged.writestr(each, source.read(each))
        spoil(forged.getinfo(name))
    assert refused(bad) == f"{name} in it {flaw}"
