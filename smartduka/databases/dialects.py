"""The words in which each engine says what `append_only` means."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True)
class Follower:
    """A column that becomes only what the newest row of a ledger says, and is 0 before there is one."""

    table: str
    column: str
    ledger: str
    key: str
    """The ledger's column that names the row of `table`."""
    says: str
    """The ledger's column with the new number."""


@dataclass(frozen=True)
class Seal:
    """A row that is open first and closed once; then neither it changes, nor does a part join it."""

    table: str
    open_while: str
    """The column that is filled as long as the row is open."""
    fixed: tuple[str, ...]
    """The columns that never change, and are never empty."""
    key: str
    """The column by which a part names its row."""
    parts: tuple[str, ...]
    """The tables of the parts."""


Condition = tuple[str, str]
"""When an event is refused, and what is said then. No name in either comes from a person."""


class Dialect(Protocol):
    """Statements as one engine writes them. No name in them comes from a person."""

    events: tuple[str, ...]
    """What happens to a row (or a table) that a ledger refuses."""
    prepare: tuple[str, ...]
    """What must be there before the first trigger."""
    shared: str
    """What is said after a question to wait for whoever is changing that row."""

    def refuse(self, name: str, table: str, event: str, refusal: str) -> str:
        """A trigger that refuses the event outright."""

    def refuse_if(self, name: str, table: str, event: str, condition: str, refusal: str) -> str:
        """A trigger that refuses the event under a condition, which may ask the database."""

    def drop(self, name: str, table: str) -> str:
        """Take a trigger away, if it is there."""

    def installed(self, cursor: "CursorWrapper") -> Iterator[tuple[str, str]]:
        """Name and table of each of our triggers that is there."""


def of(connection: BaseDatabaseWrapper) -> Dialect:
    return {"sqlite": SQLite(), "postgresql": PostgreSQL(), "mysql": MariaDB()}[connection.vendor]


def appended(table: str) -> str:
    """What is said to whoever changes a fact."""
    return f"{table} is append-only: write a reversing row"


def unfollowed(follower: Follower, event: str) -> Condition:
    """A new number is not what the ledger says."""
    changed = f"NEW.{follower.column} <> " + (f"OLD.{follower.column}" if event == "UPDATE" else "0")
    says = f"SELECT {follower.says} FROM {follower.ledger} WHERE {follower.key} = NEW.id ORDER BY id DESC LIMIT 1"  # noqa: S608
    return (
        f"{changed} AND NEW.{follower.column} <> COALESCE(({says}), 0)",
        f"{follower.table}.{follower.column} must be what the newest row of {follower.ledger} says",
    )


def kept(seal: Seal) -> str:
    """What is said to whoever deletes a row that is to be closed."""
    return f"{seal.table} is kept: its rows are closed, never deleted"


def resealed(seal: Seal) -> Condition:
    """The row is closed already, or changes in another way than by being closed."""
    changed = [f"NEW.{column} <> OLD.{column}" for column in seal.fixed]
    is_not_closing = f"OLD.{seal.open_while} IS NULL OR NEW.{seal.open_while} IS NOT NULL"
    return " OR ".join([is_not_closing, *changed]), f"{seal.table} changes once, when it is closed"


def born_sealed(seal: Seal) -> Condition:
    """The row is closed from the beginning."""
    return f"NEW.{seal.open_while} IS NULL", f"{seal.table} begins open"


def late(seal: Seal, part: str, shared: str) -> Condition:
    """The part names a row that is closed."""
    asked = f"SELECT {seal.open_while} FROM {seal.table} WHERE id = NEW.{seal.key} {shared}"  # noqa: S608
    return f"NEW.{seal.key} IS NOT NULL AND ({asked}) IS NULL", f"{part} joins no row of {seal.table} that is closed"


class SQLite:
    events = ("UPDATE", "DELETE")
    prepare = ()
    shared = ""  # there is one writer at a time

    def refuse(self, name: str, table: str, event: str, refusal: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END"

    def refuse_if(self, name: str, table: str, event: str, condition: str, refusal: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def installed(self, cursor: "CursorWrapper") -> Iterator[tuple[str, str]]:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return _ours(cursor.fetchall())


class PostgreSQL:
    events = ("UPDATE", "DELETE", "TRUNCATE")
    prepare = (
        # 23514 is check_violation, which Django raises as IntegrityError.
        """CREATE OR REPLACE FUNCTION smartduka_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = '23514'; END $$""",
    )
    shared = "FOR KEY SHARE"

    def refuse(self, name: str, table: str, event: str, refusal: str) -> str:
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} "
            f"EXECUTE FUNCTION smartduka_refuse('{refusal}')"
        )

    def refuse_if(self, name: str, table: str, event: str, condition: str, refusal: str) -> str:
        # A trigger's WHEN may not ask the database, so the question stands in the function.
        return f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {condition} THEN
                    RAISE EXCEPTION '{refusal}' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"""

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name} ON {table}"

    def installed(self, cursor: "CursorWrapper") -> Iterator[tuple[str, str]]:
        cursor.execute(
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "JOIN pg_namespace ON pg_namespace.oid = relnamespace "
            "WHERE NOT tgisinternal AND tgenabled <> 'D' AND nspname = current_schema()"
        )
        return _ours(cursor.fetchall())


class MariaDB:
    events = ("UPDATE", "DELETE")
    prepare = ()
    shared = "LOCK IN SHARE MODE"

    # 4025 is "CONSTRAINT failed", which Django raises as IntegrityError.
    _SIGNAL = "SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = '{}'"

    def refuse(self, name: str, table: str, event: str, refusal: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {self._SIGNAL.format(refusal)}"

    def refuse_if(self, name: str, table: str, event: str, condition: str, refusal: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW "
            f"IF {condition} THEN {self._SIGNAL.format(refusal)}; END IF"
        )

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def installed(self, cursor: "CursorWrapper") -> Iterator[tuple[str, str]]:
        cursor.execute(
            "SELECT trigger_name, event_object_table FROM information_schema.triggers "
            "WHERE trigger_schema = DATABASE()"
        )
        return _ours(cursor.fetchall())


def _ours(rows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    ours = ("append_only_", "follows_", "seals_")
    return iter([(name, table) for name, table in rows if name.startswith(ours)])
