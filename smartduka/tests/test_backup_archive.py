"""A backup file is there whole and right, or it is not there; a bad one is refused before anything of it is used."""

import io
import os
import resource
import stat
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smartduka.backups import archive, parts
from smartduka.backups.flaws import BadBackupError
from smartduka.tests.backupfiles import BOOKS, a_backup, a_manifest, members_of, names_in


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# --- What is written -------------------------------------------------------------------------------------


def test_what_was_put_in_comes_out(target, tmp_path):
    written = a_backup(target)
    assert written == a_manifest(members=members_of(BOOKS))
    with archive.reading(target) as backup:
        assert backup.manifest == written
        for name, content in BOOKS.items():
            with backup.open(name) as stream:
                assert stream.read() == content
        backup.extract("database.sqlite3", tmp_path / "extracted")
    assert (tmp_path / "extracted").read_bytes() == BOOKS["database.sqlite3"]
    assert archive.glance(target) == written


def test_a_file_can_be_a_member_and_text_can_be_written_into_one(target, tmp_path):
    (tmp_path / "source").write_bytes(b"12345")
    with archive.writing(target) as writer:
        writer.add_file("file", tmp_path / "source")
        with writer.open_member("rows.jsonl") as stream, io.TextIOWrapper(stream, encoding="utf-8") as text:
            text.write("chai ☕\n")
        assert writer.finish(a_manifest()).members == members_of(
            {"file": b"12345", "rows.jsonl": "chai ☕\n".encode()}
        )


def test_only_its_owner_may_read_it_from_the_first_byte(target, tmp_path):
    with archive.writing(target) as writer:
        assert stat.S_IMODE(parts.part_of(target).stat().st_mode) == 0o600
        with writer.open_member("secret") as stream:
            stream.write(b"0722 000 111")
        writer.finish(a_manifest())
    with archive.reading(target) as backup:
        backup.extract("secret", tmp_path / "extracted")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (target, tmp_path / "extracted")] == [0o600, 0o600]


def test_the_members_can_be_tried_before_the_manifest_is_written(target, tmp_path):
    with archive.writing(target) as writer:
        with writer.open_member("database.sqlite3") as stream:
            stream.write(BOOKS["database.sqlite3"])
        preview = writer.preview(a_manifest(is_verified=False))
        preview.extract("database.sqlite3", tmp_path / "rehearsal")
        assert (tmp_path / "rehearsal").read_bytes() == BOOKS["database.sqlite3"]
        with writer.open_member("later") as stream:
            stream.write(b"2")
        writer.finish(a_manifest(is_verified=True))
    with archive.reading(target) as backup:
        assert backup.manifest.is_verified
        assert backup.manifest.members == members_of({"database.sqlite3": BOOKS["database.sqlite3"], "later": b"2"})


def test_a_large_member_is_never_in_memory_as_a_whole(target):
    block = os.urandom(100_000)
    tracemalloc.start()
    try:
        with archive.writing(target) as writer:
            with writer.open_member("large") as stream:
                for _ in range(150):
                    stream.write(block)
            writer.finish(a_manifest())
        with archive.reading(target) as backup, backup.open("large") as stream:
            assert sum(len(part) for part in iter(lambda: stream.read(100_000), b"")) == 15_000_000
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


# --- What is not written ---------------------------------------------------------------------------------


def test_an_error_leaves_nothing_and_passes_on(target, tmp_path):
    def fails() -> None:
        with archive.writing(target) as writer, writer.open_member("half") as stream:
            stream.write(bytes(2_000_000))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert names_in(tmp_path) == []


def test_what_was_not_finished_is_not_there(target, tmp_path):
    with pytest.raises(RuntimeError, match=r"backup\.zip was never finished"), archive.writing(target) as writer:
        writer.open_member("half")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("room", [0, 10_000, 3_000_500])
def test_a_full_disk_leaves_the_last_good_backup_and_nothing_half(target, tmp_path, room):
    a_backup(tmp_path / "yesterday.zip")
    with pytest.raises(OSError, match="File too large"), room_for(room):
        a_backup(target, {"large": os.urandom(3_000_000)})
    assert names_in(tmp_path) == ["yesterday.zip"]
    with archive.reading(tmp_path / "yesterday.zip"):
        pass


def test_an_extraction_that_fails_leaves_no_file(target, tmp_path):
    a_backup(target)
    with archive.reading(target) as backup:
        with pytest.raises(OSError, match="File too large"), room_for(1000):
            backup.extract("database.sqlite3", tmp_path / "half")
        (tmp_path / "mine").write_text("mine")
        with pytest.raises(FileExistsError):
            backup.extract("database.sqlite3", tmp_path / "mine")
    assert names_in(tmp_path) == ["backup.zip", "mine"]
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_backup_that_could_not_be_read_back_gets_no_name(target, tmp_path):
    with pytest.raises(BadBackupError, match="its manifest tells cause in a form that cannot be read"):
        a_backup(target, cause="nobody knows why")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["../x", "/x", "C:x", "..\\x", "a//b", "a/", "", ".", "x\0y", "manifest.json", "twice"]
)
def test_a_member_with_a_name_that_could_not_be_restored_is_not_taken(target, name):
    with archive.writing(target) as writer:
        with writer.open_member("twice") as stream:
            stream.write(b"1")
        with pytest.raises(ValueError, match="cannot be the name of another file"), writer.open_member(name):
            pass
        writer.finish(a_manifest())
