"""Move a whole shop from one database into another, of whatever engines, without writing to the first."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError, Error, IntegrityError, connections, transaction
from django.db.models import Model

from smartduka import bookcheck
from smartduka.databases import aliases, append_only, changes, engines, rows, schema, unfinished
from smartduka.databases.figures import Figures, Tally
from smartduka.databases.fitting import Misfit, misfits, wrong_alphabet
from smartduka.databases.native import CopyFailedError
from smartduka.databases.outages import Outage, first_line, outage_of
from smartduka.databases.snapshots import snapshot
from smartduka.databases.statistics import refresh_statistics
from smartduka.terminal import Bar, typed_to_install

LISTED = 20
"""So many of the rows that do not fit are told; of the rest, how many there are."""

Show = Callable[[str, int], Bar]


class NotMovedError(Exception):
    """Why the shop was not moved, in sentences. It is where it was, and nothing of it was changed."""


@dataclass(frozen=True)
class Moved:
    """What was moved, and where to."""

    url: str
    rows: int
    is_behind: bool
    """It stands at the stage at which it was; this SmartDuka has migrations that it has not."""


def move(source: str, target: str, *, folder: Path, again: bool = False, show: Show = Bar) -> Moved:
    """Copy every lasting row into an empty database, and hold the two against each other; else NotMovedError.

    A target that was begun is empty afterwards when it went wrong. The folder gets a copy of a SQLite file meanwhile.
    """
    with _opened("source", source) as old, _opened("target", target) as new, _in_sentences():
        stages = _stages(old)
        _refuse_target(old, new, again=again)
        tables = schema.models(stages)
        before = changes.fingerprint(tables, old)
        with snapshot(old, folder) as still:
            counts = {model: model._base_manager.using(still).count() for model in tables}
            _refuse_misfits(counts, still, new, show)
            with _filling(new), _in_sentences():
                schema.bring_to(stages, new)
                expected = _copy(counts, still, new, show)
                refresh_statistics(new)
                is_behind = bool(schema.waiting(new))
                _refuse_differences(expected, counts, new, show, ask_books=not is_behind)
                if changes.fingerprint(tables, old) != before:
                    raise NotMovedError("Somebody used the shop while it was moved. Close it, then move again.")
        return Moved(_written(new), sum(counts.values()), is_behind)


# --- Before anything is written --------------------------------------------------------------------------------


@contextmanager
def _opened(which: str, url: str) -> Iterator[str]:
    """A database under a name of its own, which answers."""
    try:
        database = engines.configured(url)
    except (ValueError, KeyError, ImproperlyConfigured, dj_database_url.ParseError):
        raise NotMovedError(
            f"The {which} is no address of a database: write sqlite:///path, postgres://… or mysql://…, "
            "and leave a password with signs such as # or / out, so that it is asked for."
        ) from None
    except ModuleNotFoundError as error:
        cure = typed_to_install("requirements-mysql.txt")
        raise NotMovedError(f"{error.name} is not installed, by which MariaDB is reached: {cure}") from error
    if not database["NAME"] or database["NAME"] == ":memory:":
        raise NotMovedError(f"The address of the {which} names no database: it stands behind the last slash.")
    if urlsplit(url).scheme == "sqlite":
        _refuse_missing_file(which, Path(database["NAME"]))
    with aliases.beside(url, f"moving_{which}") as alias:
        try:
            connections[alias].ensure_connection()
        except (DatabaseError, ImproperlyConfigured) as error:
            raise NotMovedError(f"The {which} does not answer: {first_line(error)}.") from error
        except (TypeError, ValueError) as error:
            raise NotMovedError(f"The address of the {which} cannot be used: {first_line(error)}.") from error
        yield alias


def _refuse_missing_file(which: str, file: Path) -> None:
    """SQLite would make an empty one."""
    if which == "source" and not file.is_file():
        raise NotMovedError(f"There is no file {file}.")
    if not file.parent.is_dir():
        raise NotMovedError(f"There is no folder {file.parent}.")


def _stages(source: str) -> list[schema.Stage]:
    try:
        stages = schema.applied(source)
    except DatabaseError as error:
        raise NotMovedError(f"The source cannot be read: {first_line(error)}.") from error
    if not stages:
        raise NotMovedError("There is no shop in the source.")
    if unfinished.MARK in unfinished.tables(source):
        raise NotMovedError(
            "The source holds what a move that was cut short has left. Name where the shop is instead."
        )
    if newer := schema.unknown(stages):
        raise NotMovedError(
            f"A newer SmartDuka wrote the source ({'.'.join(newer[0])}): take that version first, then move."
        )
    return stages


def _refuse_target(source: str, target: str, *, again: bool) -> None:
    if _place(source) == _place(target):
        raise NotMovedError("The source and the target are the same database.")
    found = unfinished.tables(target)
    if unfinished.MARK in found:
        if not again:
            raise NotMovedError(
                "The target holds what a move that was cut short has left. Add --again to empty it and begin anew."
            )
        unfinished.clear(target)
    elif found:
        raise NotMovedError(
            f"The target is not empty: it has the table {found[0]}"
            f"{f' and {len(found) - 1} more' if found[1:] else ''}. Name a database without any table."
        )
    if alphabet := wrong_alphabet(target):
        raise NotMovedError(
            f"The target's alphabet is {alphabet}, which has not every character. "
            "Make it anew with CHARACTER SET utf8mb4 (MariaDB) or ENCODING 'UTF8' (PostgreSQL)."
        )


def _place(using: str) -> tuple[object, ...]:
    database = connections[using].settings_dict
    if connections[using].vendor == "sqlite":
        return (Path(database["NAME"]).resolve(),)
    return tuple(database[key] for key in ("ENGINE", "HOST", "PORT", "NAME"))


def _refuse_misfits(counts: dict[type[Model], int], still: str, new: str, show: Show) -> None:
    engine = connections[new].display_name
    with show(f"Looking for what {engine} cannot hold", sum(counts.values())) as bar:
        found = misfits(counts, still, new, passed=lambda model: bar.advance(counts[model], model._meta.label))
        listed = list(islice(found, LISTED))
        more = sum(1 for _ in found)
    if listed:
        raise NotMovedError(_told(listed, more, engine))


def _told(listed: Sequence[Misfit], more: int, engine: str) -> str:
    lines = [str(each) for each in listed]
    if more:
        lines.append(f"and {more:,} more.")
    return "\n".join(
        [f"{engine} cannot hold this. Nothing was moved; correct it in the shop, then move again:", *lines]
    )


# --- The move --------------------------------------------------------------------------------------------------


def _copy(counts: dict[type[Model], int], still: str, new: str, show: Show) -> Figures:
    """Every row as it is, in one transaction; the figures of what was read."""
    tables, tally = list(counts), Tally()
    with (
        append_only.lifted(new),
        connections[new].constraint_checks_disabled(),
        transaction.atomic(new),
        show(f"Copying {sum(counts.values()):,} rows", sum(counts.values())) as bar,
    ):
        rows.empty(tables, new)
        for model, some in _passing(counts, still, tally, bar):
            _write(model, some, new)
    rows.count_on(tables, new)
    return tally.figures()


def _write(model: type[Model], some: Sequence[rows.Values], new: str) -> None:
    """Rows as they are; one that the target refuses after all is looked for in ever smaller parts."""
    try:
        rows.write(model, some, new)
    except (IntegrityError, DataError) as error:
        if middle := len(some) // 2:
            _write(model, some[:middle], new)
            _write(model, some[middle:], new)
            return
        key = some[0][[field.primary_key for field in model._meta.concrete_fields].index(True)]
        raise NotMovedError(
            f"{connections[new].display_name} refuses {model._meta.label} {key}: {first_line(error)}."
        ) from error


def _refuse_differences(
    expected: Figures, counts: dict[type[Model], int], new: str, show: Show, *, ask_books: bool
) -> None:
    """The target holds the same rows, its triggers are there, and its books tie out."""
    tally = Tally()
    with show("Comparing every row", sum(counts.values())) as bar:
        for _ in _passing(counts, new, tally, bar):
            pass
    differing = [*tally.figures().differences(expected), *append_only.missing(new)]
    if differing:
        raise NotMovedError(f"The target does not hold what was copied: {differing[0]}.")
    if ask_books:
        with show("Checking the books", 1):
            flaw = bookcheck.flaw_in(aliases.url_of(new), leaves_word=False)
        if flaw:
            raise NotMovedError(f"{flaw} Every row was copied as it is, so look in the shop: manage.py check_books.")


def _passing(
    counts: dict[type[Model], int], using: str, tally: Tally, bar: Bar
) -> Iterator[tuple[type[Model], list[rows.Values]]]:
    """Every row of a database, slice by slice, counted as it passes."""
    for model, count in counts.items():
        done = 0
        for some, _ in tally.passing(model, using):
            yield model, some
            done += len(some)
            bar.advance(len(some), f"{model._meta.label} {done:,} of {count:,}")


@contextmanager
def _filling(new: str) -> Iterator[None]:
    """In the target, which is empty again when anything went wrong, unless it is gone."""
    try:
        with unfinished.being_filled(new):
            yield
    except NotMovedError as error:
        raise NotMovedError(f"{error} The target is empty again.") from error
    except unfinished.LeftOverError as left:
        why = str(left.__cause__) or "Stopped."
        raise NotMovedError(
            f"{why} What was begun in the target could not be emptied: add --again next time."
        ) from left


@contextmanager
def _in_sentences() -> Iterator[None]:
    """What one of the databases refuses, said to a person."""
    try:
        yield
    except CopyFailedError as error:
        raise NotMovedError(str(error)) from error
    except Error as error:
        if _is_of_a_stop(error):
            raise KeyboardInterrupt from error
        is_no_outage = outage_of(error) in {None, Outage.KEPT_OUT}
        cure = " The account of the target needs every right in it (GRANT ALL)." if is_no_outage else ""
        raise NotMovedError(f"One of the two databases said: {first_line(error)}.{cure}") from error


def _is_of_a_stop(error: BaseException | None) -> bool:
    """Whether it began with Ctrl-C, after which some drivers give up the connection that was to be tidied up."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _written(using: str) -> str:
    """The address of a database, as it stands in `.env` whatever folder a program is started in."""
    database = dict(connections[using].settings_dict)
    if connections[using].vendor == "sqlite":
        database["NAME"] = Path(database["NAME"]).resolve()
    return engines.url_of(database)
