"""A backup gets its name when it is whole and on the disk. Before, it is a hidden part, which dies with its run."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import pytest

from smartduka import private
from smartduka.backups import archive, parts
from smartduka.open_shops import ROOT
from smartduka.tests.backupfiles import a_backup, a_manifest, members_of, names_in, refused
from smartduka.tests.scale import scaled

SIZE = 3_000_000
WRITES_ON = """
import sys
from pathlib import Path
from smartduka import private
from smartduka.backups import archive
from smartduka.tests.backupfiles import a_manifest

with archive.writing(Path(sys.argv[1])) as writer:
    with writer.open_member("database.sqlite3") as stream:
        stream.write(bytes(int(sys.argv[2])))
        print("writing", flush=True)
        sys.stdin.read()
    writer.finish(a_manifest())
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


# --- Its name --------------------------------------------------------------------------------------------


def test_it_gets_its_name_when_all_of_it_is_there(target, tmp_path):
    with archive.writing(target) as writer:
        with writer.open_member("database.sqlite3") as stream:
            stream.write(b"1")
        writer.finish(a_manifest())
        assert names_in(tmp_path) == [".backup.zip.part"]
    assert names_in(tmp_path) == ["backup.zip"]


def test_its_bytes_are_on_the_disk_before_its_name_and_its_name_before_all_is_well(target, tmp_path, monkeypatch):
    steps = []
    sync, rename = os.fsync, Path.rename

    def synced(descriptor: int) -> None:
        steps.append("folder" if os.path.samestat(os.fstat(descriptor), tmp_path.stat()) else "file")
        sync(descriptor)

    def renamed(path: Path, to: Path) -> Path:
        steps.append("name")
        return rename(path, to)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    a_backup(target)
    assert steps == ["file", "name", "folder"]


def test_no_file_is_written_over(target):
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        a_backup(target)
    assert target.read_text() == "mine"


def test_no_file_is_written_over_that_came_meanwhile(target, tmp_path):
    def is_late() -> None:
        with archive.writing(target) as writer:
            writer.finish(a_manifest())
            target.write_text("mine")

    with pytest.raises(FileExistsError):
        is_late()
    assert names_in(tmp_path) == ["backup.zip"]
    assert target.read_text() == "mine"


def test_of_two_with_the_same_name_the_second_is_refused_and_the_first_goes_on(target):
    with archive.writing(target) as writer:
        with pytest.raises(FileExistsError, match="Somebody is writing this file now"):
            a_backup(target)
        with writer.open_member("first") as stream:
            stream.write(b"1")
        writer.finish(a_manifest())
    with archive.reading(target) as backup:
        assert list(backup.manifest.members) == ["first"]


# --- What a killed run leaves ----------------------------------------------------------------------------


@contextmanager
def somebody_writing(target: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process in the middle of a backup."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_ON, str(target), str(SIZE)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"writing\n"
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def test_what_a_killed_run_left_is_no_backup_and_is_removed(target, tmp_path):
    with somebody_writing(target) as process:
        process.kill()
        process.wait()
        assert names_in(tmp_path) == [".backup.zip.part"]
        assert parts.remove_orphans(tmp_path, "*.zip") == [parts.part_of(target)]
    assert names_in(tmp_path) == []


def test_what_another_program_left_is_none_of_ours(tmp_path):
    (tmp_path / ".film.mp4.part").write_text("half a film")
    (tmp_path / ".letters.zip.part").write_text("half")
    assert parts.remove_orphans(tmp_path, "smartduka-*.zip") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_is_none_of_ours_and_keeps_nobody_waiting(tmp_path):
    """Whoever opens a pipe waits until somebody writes into it."""
    os.mkfifo(tmp_path / ".smartduka-1.zip.part")
    (tmp_path / ".smartduka-2.zip.part").mkdir()
    assert parts.remove_orphans(tmp_path, "smartduka-*.zip") == []


def test_a_backup_is_made_under_a_name_at_which_another_run_was_killed(target, tmp_path):
    with somebody_writing(target) as process:
        process.kill()
        process.wait()
        a_backup(target)
    assert names_in(tmp_path) == ["backup.zip"]


def test_a_run_killed_at_any_instant_leaves_its_backup_whole_or_none(target):
    chance = Random(20)  # noqa: S311 – no secret
    for _ in range(scaled(40)):
        with somebody_writing(target) as process:
            assert process.stdin
            process.stdin.close()
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
        if target.exists():
            with archive.reading(target) as backup:
                assert backup.manifest.members == members_of({"database.sqlite3": bytes(SIZE)})
            target.unlink()


def test_what_somebody_still_writes_is_left_alone(target, tmp_path):
    with somebody_writing(target):
        assert parts.remove_orphans(tmp_path, "*.zip") == []
        with pytest.raises(FileExistsError):
            a_backup(target)
        assert names_in(tmp_path) == [".backup.zip.part"]


def test_control_without_the_lock_a_living_run_loses_its_file(target, tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "_lock", lambda stream, *, wait: True)
    with somebody_writing(target):
        assert parts.remove_orphans(tmp_path, "*.zip") == [parts.part_of(target)]


def test_a_part_that_was_swept_away_before_its_lock_is_made_again(target, tmp_path, monkeypatch):
    swept = []
    new = private.new

    def made_and_swept(path: Path):
        stream = new(path)
        if not swept:
            swept.extend(parts.remove_orphans(tmp_path, "*.zip"))
        return stream

    monkeypatch.setattr(private, "new", made_and_swept)
    a_backup(target)
    assert swept == [parts.part_of(target)]
    assert names_in(tmp_path) == ["backup.zip"]


def test_control_a_file_written_under_its_own_name_is_seen_half(target):
    with zipfile.ZipFile(target, "w") as plain, plain.open("database.sqlite3", "w") as stream:
        stream.write(os.urandom(100_000))
        assert refused(target) == "its end is missing"
