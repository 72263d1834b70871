"""What stands in a copy of MariaDB: tables, their rows, and what sets the stage for them; nothing else.

A copy is SQL, which could do whatever the shop's account may do, in every database of the server. So each line is
looked at before any is carried out. A line is known by its beginning, and only such lines can follow each other as a
statement that means something: a row alone, or a column alone, is none.
"""

import re
from typing import BinaryIO

_NAME = rb"`[^`]+`"
_TEXT = rb"'(?:[^'\\]++|\\.|'')*+'"
_VALUE = rb"(?:NULL|0x[0-9A-F]*+|-?[0-9][0-9.e+-]*+|(?:_binary )?" + _TEXT + rb")"
_ROW = rb"\((?:" + _VALUE + rb",?+)++\)"
_ROWS = _ROW + rb"(?:," + _ROW + rb")*+[,;]"
_COLUMN = rb"(?:" + _TEXT + rb"|" + _NAME + rb"|[^'\"`;#\\/]|/(?!\*))++"

# Any other might change what a quotation mark means, and with it where a text ends.
_SETTING = rb"""(?x:
    NAMES\ utf8mb4
    | TIME_ZONE='\+00:00'
    | @OLD_(?P<kept>\w+)=@@(?P=kept)
        (?:,\ (?:(?:\w+_CHECKS|\w+_NOTES|NOTE_VERBOSITY|@@AUTOCOMMIT)=0|SQL_MODE='NO_AUTO_VALUE_ON_ZERO'))?
    | (?P<back>\w+)=@OLD_(?P=back)
    | @saved_cs_client\ +=\ @@character_set_client
    | character_set_client\ =\ (?:utf8(?:mb[34])?|@saved_cs_client)
)"""

_KNOWN = re.compile(
    rb"|".join(
        (
            rb"(?:--(?: [^\r]*)?)?",
            rb"/\*M?!999999\\- enable the sandbox mode \*/ ?",
            rb"(?P<wrapped>/\*M?![0-9]+ )?SET " + _SETTING + rb"(?(wrapped) \*/);",
            rb"(?i:set autocommit=0|commit);",
            rb"CREATE TABLE " + _NAME + rb" \(",
            rb"  (?=`|(?:PRIMARY |UNIQUE )?KEY |CONSTRAINT )" + _COLUMN,
            rb"\) ENGINE=InnoDB(?: [A-Z_]+(?: CHARSET)?=\w+)*;",
            rb"/\*!40000 ALTER TABLE " + _NAME + rb" (?:DIS|EN)ABLE KEYS \*/;",
            rb"INSERT INTO " + _NAME + rb" VALUES *(?:" + _ROWS + rb")?",
            _ROWS,
        )
    )
)


def strange_line(copy: BinaryIO) -> str:
    """The beginning of the first line that no copy of a shop has; empty when there is none."""
    for line in copy:
        if not _KNOWN.fullmatch(line.rstrip(b"\r\n")):
            return line[:80].decode(errors="replace").strip()
    return ""
