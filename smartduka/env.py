"""Typed readers of environment variables.

A wrong variable stops the program at start, with one sentence that names the variable and the cure.
"""

import os
from collections.abc import Callable
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

_TRUE = {"on", "true", "yes", "1"}
_FALSE = {"off", "false", "no", "0"}


def text(name: str, default: str = "") -> str:
    """The variable's text without surrounding blanks; the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """on/off (also true/false, yes/no, 1/0)."""

    def read(word: str) -> bool:
        if word.lower() not in _TRUE | _FALSE:
            raise ValueError
        return word.lower() in _TRUE

    return _read(name, read, default, "Write on or off.")


def words(name: str, *, default: list[str]) -> list[str]:
    """A list separated by commas."""
    return [word for part in text(name).split(",") if (word := part.strip())] or default


def time_zone(name: str, *, default: str) -> str:
    """A name of the IANA time zone database."""

    def read(word: str) -> str:
        return ZoneInfo(word).key

    return _read(name, read, default, "Write a time zone such as Africa/Nairobi.")


def secret(name: str, *, default: str | None) -> str:
    """A secret without which the program does not start, unless there is a default."""
    word = text(name)
    if not word and default is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Copy .env.example to .env and write a long random text there, "
            "or start with `python3 run.py`, which makes one."
        )
    return word or default or ""


def database(name: str, *, default: dict[str, Any]) -> dict[str, Any]:
    """A database URL as Django's settings of a database."""

    def read(word: str) -> dict[str, Any]:
        found = dict(dj_database_url.parse(word))
        if not found["NAME"]:
            raise ValueError("It names no database.")
        return found

    return _read(name, read, default, "Write postgres://user:password@host:5432/name, or leave it empty for SQLite.")


def _read(name: str, read: Callable[[str], T], default: T, cure: str) -> T:
    word = text(name)
    if not word:
        return default
    try:
        return read(word)
    except (ValueError, KeyError, OSError, dj_database_url.ParseError):
        raise ImproperlyConfigured(f"{name} cannot be used as it is written. {cure}") from None
