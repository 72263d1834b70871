"""A copy of MariaDB is SQL: what it does beside bringing tables and rows is found before any of it is done."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection, connections

from smartduka.databases import scratch
from smartduka.databases.native import CopyFailedError, sqllines
from smartduka.tests.native import OURS, known_as

OURS_TOO = [
    "CREATE TABLE `auth_group` (",
    "  `name` varchar(150) NOT NULL DEFAULT 'it\\'s; -- none',",
    "  CONSTRAINT `price_is_sane` CHECK (`price` >= 0 and `price` / 2 < 10)",
    ") ENGINE=InnoDB AUTO_INCREMENT=4 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;",
    "INSERT INTO `auth_group` VALUES",
    "(3,'O\\'Brien \\\\','',-1.50,1e10,NULL,0xFF,_binary 'x'),",
    "(4,'سارة; DROP TABLE sales_sale; --\\n\\t','\"`#');",
    "INSERT INTO `auth_group` VALUES (1,'a'),(2,'b''c');",
    "/*M!100616 SET @OLD_NOTE_VERBOSITY=@@NOTE_VERBOSITY, NOTE_VERBOSITY=0 */;",
    "/*M!100616 SET NOTE_VERBOSITY=@OLD_NOTE_VERBOSITY */;",
    "/*!999999\\- enable the sandbox mode */ ",
    "set autocommit=0;",
    "SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT, @@AUTOCOMMIT=0;",
    "COMMIT;",
    "SET AUTOCOMMIT=@OLD_AUTOCOMMIT;",
]
STRANGE = {
    "another statement": "DROP TABLE other.sales_sale;",
    "one after a row": "(1,'a');DROP TABLE other.sales_sale;",
    "one after a text that seems to go on": "(1,'a\\\\');DROP TABLE other.sales_sale;-- '),",
    "one in a column": "  `id` int); DROP TABLE other.sales_sale;",
    "one that looks like a column": "  DROP TABLE other.sales_sale",
    "one for some versions only": "/*!40101 DROP TABLE other.sales_sale */;",
    "one behind a comment": "/*!40101 SET NAMES utf8mb4 */; DROP TABLE other.sales_sale;",
    "another database": "USE other;",
    "a table of another database": "CREATE TABLE `other`.`sales_sale` (",
    "rows of another database": "INSERT INTO `other`.`sales_sale` VALUES",
    "a question in a row": "(1,(SELECT password FROM other.auth_user)),",
    "a file of the server": "(1,LOAD_FILE('/etc/passwd')),",
    "another folder": ") ENGINE=InnoDB DATA DIRECTORY='/tmp';",
    "another engine": ") ENGINE=CONNECT;",
    "a comment that is carried out": "  `id` int /*! DEFAULT 1 */,",
    "a setting of the whole server": "/*!40101 SET GLOBAL max_connections=1 */;",
    "other quotation marks": "/*!40101 SET SQL_MODE='NO_BACKSLASH_ESCAPES' */;",
    "other quotation marks by their number": "/*!40101 SET @OLD_SQL_MODE=@@group_concat_max_len */;",
    "other characters": "/*!40101 SET NAMES gbk */;",
    "other characters by their number": "/*!40101 SET character_set_client = 1 */;",
    "a setting in a comment without an end": "/*!40101 SET NAMES utf8mb4;",
    "a command of the client": "delimiter //",
    "a text without an end": "(1,'a" + "b" * 100_000,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_table_and_no_row_is_strange(kind):
    assert sqllines.strange_line(BytesIO(f"{STRANGE[kind]}\n".encode())) == STRANGE[kind][:80].strip()


def test_what_the_programs_of_any_version_write_is_not():
    for line in OURS_TOO:
        assert sqllines.strange_line(BytesIO(f"-- \n\n{line}\n".encode())) == ""


# --- On the server ------------------------------------------------------------------------------------------


@pytest.fixture
def forged(tmp_path: Path, trading_copy: Path) -> Iterator[tuple[Path, str]]:
    """A good copy of a shop with one statement more, and the other database that it names."""
    with scratch.fresh_database(tmp_path) as url, known_as("other", url):
        with connections["other"].cursor() as cursor:
            cursor.execute("CREATE TABLE books (id integer)")
        good, forged = trading_copy.read_bytes(), tmp_path / "forged"
        other = str(connections["other"].settings_dict["NAME"])
        forged.write_bytes(
            good.replace(b"-- Dump completed", f"DROP TABLE {other}.books;\n-- Dump completed".encode())
        )
        yield forged, url


@pytest.mark.skipif(connection.vendor != "mysql", reason="only of MariaDB a copy is SQL")
@pytest.mark.django_db
@pytest.mark.parametrize("is_guarded", [True, False], ids=["rule", "control"])
def test_a_copy_reaches_no_other_database(forged, tmp_path, is_guarded):
    copy, other = forged
    with scratch.fresh_database(tmp_path) as url, known_as("scratch", url):
        if is_guarded:
            with pytest.raises(
                CopyFailedError, match=r"holds a line that is not the shop’s: 'DROP TABLE .*\.books;'"
            ):
                OURS.load("scratch", copy)
        else:
            with patch("smartduka.databases.native.sqllines.strange_line", return_value=""):
                OURS.load("scratch", copy)
    with known_as("other", other):
        assert bool(connections["other"].introspection.table_names()) is is_guarded
