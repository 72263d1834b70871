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


class Dialect(Protocol):
    """Statements as one engine writes them. No name in them comes from a person."""

    events: tuple[str, ...]
    """What happens to a row (or a table) that a ledger refuses."""
    prepare: tuple[str, ...]
    """What must be there before the first trigger."""

    def refuse(self, name: str, table: str, event: str) -> str:
        """A trigger that refuses the event outright."""

    def refuse_unfollowed(self, name: str, event: str, follower: Follower) -> str:
        """A trigger that refuses a number the ledger does not say."""

    def drop(self, name: str, table: str) -> str:
        """Take a trigger away, if it is there."""

    def installed(self, cursor: "CursorWrapper") -> Iterator[tuple[str, str]]:
        """Name and table of each of our triggers that is there."""


def of(connection: BaseDatabaseWrapper) -> Dialect:
    return {"sqlite": SQLite(), "postgresql": PostgreSQL(), "mysql": MariaDB()}[connection.vendor]


# The names in these statements are tables and columns of ours, never what a person typed.
def _unfollowed(event: str, follower: Follower) -> str:
    """The condition under which a new number is not what the ledger says."""
    changed = f"NEW.{follower.column} <> " + (f"OLD.{follower.column}" if event == "UPDATE" else "0")
    says = f"SELECT {follower.says} FROM {follower.ledger} WHERE {follower.key} = NEW.id ORDER BY id DESC LIMIT 1"  # noqa: S608
    return f"{changed} AND NEW.{follower.column} <> COALESCE(({says}), 0)"


def _refusal(table: str) -> str:
    return f"{table} is append-only: write a reversing row"


def _unfollowed_refusal(follower: Follower) -> str:
    return f"{follower.table}.{follower.column} must be what the newest row of {follower.ledger} says"


class SQLite:
    events = ("UPDATE", "DELETE")
    prepare = ()

    def refuse(self, name: str, table: str, event: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{_refusal(table)}'); END"

    def refuse_unfollowed(self, name: str, event: str, follower: Follower) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {follower.table} WHEN {_unfollowed(event, follower)} "
            f"BEGIN SELECT RAISE(ABORT, '{_unfollowed_refusal(follower)}'); END"
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

    def refuse(self, name: str, table: str, event: str) -> str:
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} "
            f"EXECUTE FUNCTION smartduka_refuse('{_refusal(table)}')"
        )

    def refuse_unfollowed(self, name: str, event: str, follower: Follower) -> str:
        # A trigger's WHEN may not ask the database, so the question stands in the function.
        return f"""
            CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF {_unfollowed(event, follower)} THEN
                    RAISE EXCEPTION '{_unfollowed_refusal(follower)}' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {name} BEFORE {event} ON {follower.table} FOR EACH ROW EXECUTE FUNCTION {name}()"""

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

    # 4025 is "CONSTRAINT failed", which Django raises as IntegrityError.
    _SIGNAL = "SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = '{}'"

    def refuse(self, name: str, table: str, event: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {self._SIGNAL.format(_refusal(table))}"

    def refuse_unfollowed(self, name: str, event: str, follower: Follower) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} ON {follower.table} FOR EACH ROW "
            f"IF {_unfollowed(event, follower)} THEN {self._SIGNAL.format(_unfollowed_refusal(follower))}; END IF"
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
    return iter([(name, table) for name, table in rows if name.startswith(("append_only_", "follows_"))])
