"""What a backup tells about itself: who made it, when, of what, and the figures that it must show again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Literal, get_args

from smartduka.backups import fields
from smartduka.backups.fields import Fields
from smartduka.backups.flaws import Flaw
from smartduka.databases.figures import Figures

PROGRAM = "SmartDuka"
FORMAT = 1
"""Raised when an older program could no longer restore what this one writes."""

Kind = Literal["native", "portable"]
Cause = Literal["by hand", "daily", "before restore", "before upgrade"]
Engine = Literal["sqlite", "postgresql", "mysql"]
"""As Django's `connection.vendor` has them."""


@dataclass(frozen=True)
class Member:
    """A file inside a backup: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything about a backup but its members' content."""

    kind: Kind
    version: str
    engine: Engine
    engine_version: str
    made_at: datetime
    shop: str
    cause: Cause
    migrations: tuple[tuple[str, str], ...] = ()
    """The applied ones, by app and name."""
    figures: Figures | None = None
    is_verified: bool = False
    """It was restored into a scratch database, held there what was copied, and nothing was found in its books."""
    has_checked_books: bool = False
    """Its books tied out there. Those of an older stage are checked once they were brought up to date."""
    members: Mapping[str, Member] = field(default_factory=dict)
    """By name; the archive writes them."""

    def __post_init__(self) -> None:
        if self.made_at.utcoffset() is None:
            raise ValueError("A backup is made at an instant, not at a time of some time zone.")

    def fits(self, engine: str) -> bool:
        """Whether it can be restored into a database of this engine."""
        return self.kind == "portable" or self.engine == engine

    def to_json(self) -> bytes:
        told = {"program": PROGRAM, "format": FORMAT, **asdict(self)}
        told["made_at"] = self.made_at.astimezone(UTC).isoformat(timespec="microseconds")
        return json.dumps(told, indent=1).encode("ascii")

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Read what `to_json` wrote. A Flaw says what is missing or wrong, and that a newer SmartDuka made it."""
        told = _parsed(content)
        if told.take("program", fields.text) != PROGRAM:
            raise Flaw(f"it was not made by {PROGRAM}")
        if told.take("format", fields.whole) > FORMAT:
            raise Flaw("it was made by a newer SmartDuka. Bring this one up to date first")
        manifest = cls(
            kind=told.take("kind", fields.one_of(*get_args(Kind))),
            version=told.take("version", fields.text),
            engine=told.take("engine", fields.one_of(*get_args(Engine))),
            engine_version=told.take("engine_version", fields.text),
            made_at=told.take("made_at", fields.instant),
            shop=told.take("shop", fields.text),
            cause=told.take("cause", fields.one_of(*get_args(Cause))),
            migrations=told.take("migrations", fields.pairs),
            figures=told.take("figures", _figures),
            is_verified=told.take("is_verified", fields.flag),
            has_checked_books=told.take("has_checked_books", fields.flag),
            members=told.take("members", fields.mapping(_member)),
        )
        told.end()
        return manifest


def _parsed(content: bytes) -> Fields:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Flaw("its manifest is no JSON object")
    return Fields(found)


def _member(found: object) -> Member:
    told = Fields(found, "members.")
    member = Member(size=told.take("size", fields.size), sha256=told.take("sha256", fields.sha256))
    told.end()
    return member


def _figures(found: object) -> Figures | None:
    if found is None:
        return None
    told = Fields(found, "figures.")
    figures = Figures(
        rows=told.take("rows", fields.mapping(fields.size)),
        sums=told.take("sums", fields.mapping(fields.decimal)),
        newest=told.take("newest", fields.mapping(fields.whole)),
        digests=told.take("digests", fields.mapping(fields.sha256)),
    )
    told.end()
    return figures
