"""The shelf shows every backup by what it tells of itself, and loses none that is needed."""

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from smartduka.backups import archive, parts, shelf
from smartduka.tests.backupfiles import BOOKS, MADE_AT, a_backup, a_manifest

NAIROBI = ZoneInfo("Africa/Nairobi")
NOW = MADE_AT + timedelta(hours=1)


def put(folder: Path, **told: object) -> Path:
    """A backup under the name that it gets by itself."""
    path = shelf.new_path(folder, a_manifest(**told))
    a_backup(path, **told)
    return path


def put_daily(folder: Path, count: int) -> list[Path]:
    """The newest first."""
    return [put(folder, made_at=MADE_AT - timedelta(days=day)) for day in range(count)]


def spoil(path: Path) -> None:
    """Turn one bit in the middle of the books."""
    with path.open("r+b") as stream:
        stream.seek(100)
        byte = stream.read(1)[0]
        stream.seek(100)
        stream.write(bytes([byte ^ 1]))


# --- Names -----------------------------------------------------------------------------------------------


def test_the_name_tells_when_where_and_how_it_was_made():
    assert shelf.file_name(a_manifest()) == "smartduka-20261120T104512Z-sqlite.zip"
    assert shelf.file_name(a_manifest(kind="portable")) == "smartduka-20261120T104512Z-sqlite-portable.zip"
    in_nairobi = datetime(2026, 1, 1, 1, 30, tzinfo=NAIROBI)
    assert shelf.file_name(a_manifest(made_at=in_nairobi)) == "smartduka-20251231T223000Z-sqlite.zip"


def test_two_of_one_second_get_two_names(tmp_path):
    assert [put(tmp_path).name for _ in range(3)] == [
        "smartduka-20261120T104512Z-sqlite.zip",
        "smartduka-20261120T104512Z-sqlite-2.zip",
        "smartduka-20261120T104512Z-sqlite-3.zip",
    ]


def test_a_name_under_which_somebody_writes_is_taken(tmp_path):
    with archive.writing(shelf.new_path(tmp_path, a_manifest())) as writer:
        assert shelf.new_path(tmp_path, a_manifest()).name == "smartduka-20261120T104512Z-sqlite-2.zip"
        writer.finish(a_manifest())


# --- The list --------------------------------------------------------------------------------------------


def test_the_newest_comes_first_by_its_manifest_and_not_by_the_dates_of_files(tmp_path):
    newest_first = put_daily(tmp_path, 5)
    for place, path in enumerate(newest_first):
        os.utime(path, (1_000_000_000 + place, 1_000_000_000 + place))
    assert [backup.path for backup in shelf.backups(tmp_path)] == newest_first
    by_file_date = sorted(newest_first, key=lambda path: path.stat().st_mtime, reverse=True)
    assert by_file_date == newest_first[::-1]


def test_a_backup_is_told_with_its_size_and_its_manifest(tmp_path):
    path = put(tmp_path)
    [backup] = shelf.backups(tmp_path)
    assert (backup.path, backup.size, backup.flaw) == (path, path.stat().st_size, "")
    assert backup.manifest
    assert backup.manifest.shop == "Duka la Amina – محل"
    assert backup.is_verified


def test_a_damaged_one_is_listed_last_and_told_as_damaged(tmp_path):
    good = put(tmp_path)
    (tmp_path / "smartduka-half.zip").write_bytes(good.read_bytes()[:500])
    (tmp_path / "letters.zip").write_text("Dear Wanjiku")
    assert [(backup.path.name, backup.flaw) for backup in shelf.backups(tmp_path)] == [
        (good.name, ""),
        ("smartduka-half.zip", "its end is missing"),
        ("letters.zip", "it is no backup of SmartDuka"),
    ]


def test_other_files_are_none_of_the_shelfs(tmp_path):
    (tmp_path / "notes.txt").write_text("notes")
    (tmp_path / ".hidden.zip").write_text("hidden")
    (tmp_path / ".smartduka.zip.part").write_text("half")
    assert shelf.backups(tmp_path) == []
    assert shelf.backups(tmp_path / "nowhere") == []


def test_a_name_that_no_page_can_show_and_one_that_leads_nowhere_are_none(tmp_path):
    """As on sticks that were filled elsewhere. Either of them made the owner's page fail."""
    path = put(tmp_path)
    (tmp_path / os.fsdecode(b"caf\xe9.zip")).write_bytes(path.read_bytes())
    (tmp_path / "loop.zip").symlink_to("loop.zip")
    (tmp_path / "gone.zip").symlink_to("nowhere")
    assert [backup.path for backup in shelf.backups(tmp_path)] == [path]
    assert shelf.prune(tmp_path, NAIROBI, NOW) == []


def test_a_file_that_goes_while_it_is_listed_is_not_listed(tmp_path):
    (tmp_path / "gone.zip").symlink_to(tmp_path / "nowhere")
    assert shelf.backups(tmp_path) == []


def test_the_list_reads_only_manifests(tmp_path, monkeypatch):
    put_daily(tmp_path, 3)
    monkeypatch.setattr(archive.Archive, "open", lambda *args: pytest.fail("A member was read."))
    assert len(shelf.backups(tmp_path)) == 3


# --- The newest verified one -----------------------------------------------------------------------------


def test_the_newest_verified_one_is_found_behind_unverified_and_damaged_ones(tmp_path):
    verified = put(tmp_path, made_at=MADE_AT - timedelta(days=2))
    put(tmp_path, made_at=MADE_AT - timedelta(days=3))
    put(tmp_path, made_at=MADE_AT - timedelta(days=1), is_verified=False)
    put(tmp_path).write_bytes(b"")
    found = shelf.newest_verified(tmp_path, NOW)
    assert found
    assert found.path == verified


def test_one_that_is_dated_ahead_is_the_newest_only_where_there_is_no_other(tmp_path):
    ahead = put(tmp_path, made_at=MADE_AT + timedelta(days=3650))
    found = shelf.newest_verified(tmp_path, NOW)
    assert found
    assert found.path == ahead
    timely = put(tmp_path)
    found = shelf.newest_verified(tmp_path, NOW)
    assert found
    assert found.path == timely


def test_without_a_verified_one_there_is_none(tmp_path):
    put(tmp_path, is_verified=False)
    assert shelf.newest_verified(tmp_path, NOW) is None


# --- Pruning ---------------------------------------------------------------------------------------------


def test_what_need_not_be_kept_goes(tmp_path):
    newest_first = put_daily(tmp_path, 11)
    removed = shelf.prune(tmp_path, NAIROBI, NOW)
    days = [backup.made_at.day for backup in shelf.backups(tmp_path)]
    assert days == [20, 19, 18, 17, 16, 15, 14]
    assert removed == sorted(newest_first[7:])
    assert shelf.prune(tmp_path, NAIROBI, NOW) == []


def test_dates_of_files_decide_nothing(tmp_path):
    for place, path in enumerate(put_daily(tmp_path, 11)):
        os.utime(path, (1_000_000_000 + place, 1_000_000_000 + place))
    shelf.prune(tmp_path, NAIROBI, NOW)
    assert [backup.made_at.day for backup in shelf.backups(tmp_path)] == [20, 19, 18, 17, 16, 15, 14]


def test_what_a_person_renamed_stays_and_counts_for_nothing(tmp_path):
    newest_first = put_daily(tmp_path, 11)
    theirs = newest_first[9].rename(tmp_path / "before the wedding.zip")
    shelf.prune(tmp_path, NAIROBI, NOW)
    assert theirs.exists()
    assert len(shelf.backups(tmp_path)) == 8


def test_the_shops_that_share_a_stick_push_nothing_out_of_each_other(tmp_path):
    mine = [put(tmp_path, made_at=MADE_AT - timedelta(days=day), shop="Mine") for day in range(3)]
    yours = [put(tmp_path, made_at=MADE_AT - timedelta(days=day, hours=1), shop="Yours") for day in range(9)]
    assert shelf.prune(tmp_path, NAIROBI, NOW) == sorted(yours[7:])
    assert all(path.exists() for path in mine)


def test_damaged_and_foreign_files_stay(tmp_path):
    newest_first = put_daily(tmp_path, 11)
    newest_first[9].write_bytes(b"")
    (tmp_path / "letters.zip").write_text("Dear Wanjiku")
    shelf.prune(tmp_path, NAIROBI, NOW)
    assert newest_first[9].exists()
    assert (tmp_path / "letters.zip").exists()


def test_a_rotten_newest_one_costs_no_good_one(tmp_path):
    """All were made on one day but the last two, and the manifest of the rotten one still looks good."""
    rotten = put(tmp_path, made_at=MADE_AT)
    good = [put(tmp_path, made_at=MADE_AT - timedelta(days=1, minutes=minute)) for minute in range(3)]
    spoil(rotten)
    assert shelf.backups(tmp_path)[0].is_verified
    assert shelf.prune(tmp_path, NAIROBI, NOW) == []
    assert all(path.exists() for path in good)


def test_control_a_rotten_one_that_is_believed_costs_good_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "_is_whole", lambda path: True)
    rotten = put(tmp_path, made_at=MADE_AT)
    good = [put(tmp_path, made_at=MADE_AT - timedelta(days=1, minutes=minute)) for minute in range(3)]
    spoil(rotten)
    assert shelf.prune(tmp_path, NAIROBI, NOW) == sorted(good[1:])


def test_nothing_goes_when_no_verified_one_can_be_read(tmp_path):
    for path in put_daily(tmp_path, 9):
        spoil(path)
    unverified = [put(tmp_path, made_at=MADE_AT - timedelta(days=day), is_verified=False) for day in range(9)]
    assert shelf.prune(tmp_path, NAIROBI, NOW) == []
    assert all(path.exists() for path in unverified)


def test_halves_of_killed_runs_go_and_what_is_being_written_stays(tmp_path):
    orphan = tmp_path / ".smartduka-20260101T000000Z-sqlite.zip.part"
    orphan.write_bytes(b"half")
    now = shelf.new_path(tmp_path, a_manifest())
    with archive.writing(now) as writer:
        shelf.prune(tmp_path, NAIROBI, NOW)
        assert not orphan.exists()
        assert parts.part_of(now).exists()
        with writer.open_member("database.sqlite3") as stream:
            stream.write(BOOKS["database.sqlite3"])
        writer.finish(a_manifest())
    assert [backup.path for backup in shelf.backups(tmp_path)] == [now]


def test_what_cannot_be_removed_now_is_left_for_the_next_time(tmp_path, monkeypatch):
    newest_first = put_daily(tmp_path, 9)

    def busy(path: Path) -> None:
        raise PermissionError(13, "In use")

    monkeypatch.setattr(Path, "unlink", busy)
    assert shelf.prune(tmp_path, NAIROBI, NOW) == []
    assert all(path.exists() for path in newest_first)


# --- The folder ------------------------------------------------------------------------------------------


def test_a_folder_is_made_for_its_owners_eyes_only(tmp_path):
    shelf.check_writable(tmp_path / "backups")
    assert stat.S_IMODE((tmp_path / "backups").stat().st_mode) == 0o700
    assert list((tmp_path / "backups").iterdir()) == []
    shelf.check_writable(tmp_path / "backups")


def test_a_folder_whose_stick_is_missing_is_not_made(tmp_path):
    with pytest.raises(shelf.ShelfError) as error:
        shelf.check_writable(tmp_path / "stick" / "backups")
    assert str(error.value) == f"{tmp_path / 'stick'} is not there. Plug the stick in, or name another folder."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_made_is_a_stick_that_is_missing(tmp_path, monkeypatch):
    def denied(*args: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(shelf.ShelfError) as error:
        shelf.check_writable(tmp_path / "stick")
    assert str(error.value) == f"{tmp_path / 'stick'} is not there. Plug the stick in, or name another folder."


def test_a_folder_with_a_name_that_is_no_text_is_refused(tmp_path):
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    with pytest.raises(shelf.ShelfError, match=r"caf\\udce9' has a name that is no text\. Name another one"):
        shelf.check_writable(folder)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/backups", "loop"])
def test_a_file_is_no_folder(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(shelf.ShelfError, match=r"is no folder\. Name another one for the backups\."):
        shelf.check_writable(tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_takes_nothing_is_told(tmp_path, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(shelf.ShelfError) as error:
        shelf.check_writable(tmp_path)
    assert str(error.value) == (
        f"Nothing can be written into {tmp_path} (No space left on device). See to that, or name another folder."
    )
