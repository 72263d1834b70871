"""An engine's own programs, whose failures are said to a person."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import BinaryIO

from smartduka import env
from smartduka.databases.native import NO_ROOM, ProgramFailedError

_CURES = {
    "No space left on device": NO_ROOM,
    "errno 28": NO_ROOM,  # as mariadb-dump says it
    "Disk quota exceeded": NO_ROOM,
    "permission denied": "The account in DATABASE_URL must own the shop’s tables.",
    "must be owner": "The account in DATABASE_URL must own the shop’s tables.",
    "denied": "The account in DATABASE_URL must have all rights in the shop’s database.",
}
"""What a program says, anywhere in its last words, and what helps. The first that fits counts."""


def run(
    names: Sequence[str],
    arguments: Sequence[str],
    *,
    install: str,
    cures: Mapping[str, str],
    environment: Mapping[str, str] | None = None,
    reading: Sequence[BinaryIO] = (),
) -> str:
    """What the program of one of these names prints, having read files. When it fails: its last words and the cure.

    `install` is the cure where there is no such program.
    """
    try:
        program = path_of(*names)
    except FileNotFoundError as error:
        raise ProgramFailedError(f"{names[0]} is not installed on this computer: {install}") from error
    # The programs tell their troubles in English, by which the cures are found.
    environment = {**os.environ, "LC_ALL": "C", **(environment or {})}
    with TemporaryFile() as printed, TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 – a program of the engine’s, with arguments of our own
            [program, *arguments], stdin=subprocess.PIPE, stdout=printed, stderr=said, env=environment
        ) as process:
            _feed(process, reading)
        words = [_all_of(said), _all_of(printed)]
    if process.returncode:
        raise ProgramFailedError(_sentence(names[0], words[0], {**_CURES, **cures}))
    return words[1]


def path_of(*names: str) -> str:
    """The path of a program, by the first of its names that is found; FileNotFoundError names them."""
    folders = os.pathsep.join(filter(None, (env.text("DATABASE_PROGRAMS"), os.environ.get("PATH", ""))))
    found = next(filter(None, (shutil.which(name, path=folders) for name in names)), None)
    if found is None:
        raise FileNotFoundError(" or ".join(names))
    return found


def _feed(process: subprocess.Popen[bytes], reading: Sequence[BinaryIO]) -> None:
    """A program that ended early reads no more, and says why elsewhere. If we are stopped, so is the program."""
    assert process.stdin  # noqa: S101 – we asked for one
    try:
        with suppress(BrokenPipeError), process.stdin as into:
            for source in reading:
                shutil.copyfileobj(source, into)
        process.wait()
    except BaseException:
        process.kill()
        raise


def _all_of(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _sentence(program: str, words: str, cures: Mapping[str, str]) -> str:
    cure = next((cure for sign, cure in cures.items() if sign in words), "")
    return f"{program} failed: {_reason(words)}. {cure}".rstrip()


def _reason(words: str) -> str:
    """The last line; but pg_restore shows the whole command that failed behind the line that says why."""
    said, command, _ = words.partition("Command was:")
    lines = [line.strip().rstrip(".") for line in said.splitlines() if line.strip()]
    reasons = [line for line in lines if "error:" in line] if command else lines[-1:]
    return next(iter(reasons), "it said nothing")
