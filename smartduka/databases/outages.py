"""Which of the database's errors are the machine's condition, and not a mistake in the program."""

import re
import sqlite3
from enum import Enum

from django.db import Error, OperationalError


class Outage(Enum):
    """What keeps the books from being read or written, as a sentence with the cure."""

    DOWN = "The shop’s database does not answer. Try again in a moment; if that does not help, start it again."
    ABSENT = (
        "There is no such database on the server. "
        "Make an empty one of the name that stands in DATABASE_URL, or correct that line, then try again."
    )
    KEPT_OUT = (
        "The server does not let the shop do this with its account. "
        "Correct the account and its password in DATABASE_URL, or give it every right there, then try again."
    )
    BUSY = "The books are busy with something else, such as a backup. Try again in a moment."
    FULL = "The disk is full, so nothing can be written. Make room on the shop’s computer, then try again."
    DISK = (
        "The file of the books cannot be read or written. "
        "See whether its disk is full or broken, and who may write there, then try again."
    )
    DAMAGED = "The file of the books is damaged. Close the shop, and restore its newest verified backup."
    READ_ONLY = (
        "The books can be read, but not written. See who may write the database and its folder, then try again."
    )


_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_PERM: Outage.READ_ONLY,
    sqlite3.SQLITE_IOERR: Outage.DISK,
    sqlite3.SQLITE_CANTOPEN: Outage.DISK,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
}
_POSTGRESQL = {
    "08": Outage.DOWN,  # connection exceptions
    "40": Outage.BUSY,  # deadlock, serialization failure, after they were tried again
    "25006": Outage.READ_ONLY,
    "42501": Outage.KEPT_OUT,  # a right that is missing
    "53100": Outage.FULL,
    "53200": Outage.BUSY,  # out of memory
    "53300": Outage.BUSY,  # too many connections
    "55P03": Outage.BUSY,  # lock not available
    "57014": Outage.BUSY,  # took too long
    "57P": Outage.DOWN,  # shutting down, crashed, starting up
    "58030": Outage.DISK,  # input or output
}
_MARIADB = {
    0: Outage.DOWN,  # the connection was closed before
    1021: Outage.FULL,
    1026: Outage.DISK,  # error writing file
    1030: Outage.DISK,  # error from the storage engine
    1114: Outage.FULL,  # the table is full
    1036: Outage.READ_ONLY,  # table is read only
    1290: Outage.READ_ONLY,  # the server is
    1792: Outage.READ_ONLY,  # the transaction is
    1836: Outage.READ_ONLY,  # the whole engine is
    1020: Outage.BUSY,  # record has changed since last read
    1040: Outage.BUSY,  # too many connections
    1203: Outage.BUSY,
    1205: Outage.BUSY,  # lock wait timeout
    1213: Outage.BUSY,  # deadlock, after it was tried again
    1053: Outage.DOWN,  # shutting down
    1927: Outage.DOWN,  # connection was killed
    1044: Outage.KEPT_OUT,  # of this database
    1045: Outage.KEPT_OUT,  # no such account, or another password
    1142: Outage.KEPT_OUT,  # of this table
    1227: Outage.KEPT_OUT,  # of the server
    1049: Outage.ABSENT,
    2002: Outage.DOWN,  # cannot connect
    2003: Outage.DOWN,
    2006: Outage.DOWN,  # server has gone away
    2013: Outage.DOWN,  # connection lost
}
_NO_SUCH_DATABASE = re.compile(r'database ".*" does not exist')
_NO_ENTRY = re.compile(
    r'authentication failed|no password supplied|role ".*" does not exist|no pg_hba.conf entry|permission denied'
)


def first_line(error: BaseException) -> str:
    """What an error says, as part of a sentence: without MariaDB's number, and the hints that servers go on with."""
    said = error.args[1] if isinstance(error, Error) and len(error.args) > 1 else error
    return str(said).strip().partition("\n")[0].rstrip(".") or type(error).__name__


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that this error tells of; None when it is any other error."""
    if not isinstance(error, Error):
        return None
    told: BaseException = error
    # A step of `migrate` tells of the database's error in an error of its own.
    while isinstance(told, Error) and (cause := told.__cause__ or told.__context__):
        told = cause
    if isinstance(told, sqlite3.Error):
        # An extended code has the kind in its last byte.
        return _SQLITE.get(getattr(told, "sqlite_errorcode", 0) & 0xFF)
    number = told.args[0] if told.args else None
    if isinstance(number, int):
        return _MARIADB.get(number)
    state = getattr(told, "sqlstate", None)
    if state is None:
        # Before there is a connection, only words tell.
        if _NO_SUCH_DATABASE.search(str(told)):
            return Outage.ABSENT
        if _NO_ENTRY.search(str(told)):
            return Outage.KEPT_OUT
        # The server said nothing at all, so it could not be reached, or the line was cut.
        return Outage.DOWN if isinstance(error, OperationalError) else None
    return next((outage for prefix, outage in _POSTGRESQL.items() if state.startswith(prefix)), None)
