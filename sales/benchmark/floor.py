"""How fast the database itself could write a sale: the same rows, set-based, through the bare driver.

No Django, no HTTP, nobody who asks: one connection for each till, one durable transaction for each sale, the same
locks, and the nine statements in which a sale can be said. What it writes passes the audit of the books.
"""

import secrets
import sqlite3
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import dj_database_url
from django.db import models

from inventory.models import Product, StockMovement
from sales.benchmark.goods import COST, PRICE
from sales.models import Sale, SaleLine, Tender, TillSession
from smartduka import periods
from smartduka.databases import engines
from smartduka.references import reference

Row = dict[str, Any]

# The names in these statements are tables and columns of ours, never what a person typed.
_SHELF = Product._meta.db_table


@dataclass(frozen=True)
class Engine:
    """A connection of the bare driver, and the few words in which the engines differ."""

    connection: Any
    begin: str = "BEGIN"
    placeholder: str = "%s"
    for_update: str = " FOR UPDATE"
    offset: str = ""
    """What an instant of UTC ends with."""


class BareTill:
    """Sells without a program in between."""

    def __init__(self, url: str, cashier_id: int) -> None:
        self._engine = connect(url)
        self._cursor = self._engine.connection.cursor()
        self._cashier_id = cashier_id

    def close(self) -> None:
        self._engine.connection.close()

    def sell(self, products: Sequence[Product]) -> None:
        """One of each, for cash."""
        now = datetime.now(UTC)
        at, on = f"{now:%Y-%m-%d %H:%M:%S.%f}{self._engine.offset}", str(periods.shop_day(now))
        keys = sorted(product.pk for product in products)
        names = {product.pk: product.name for product in products}
        self._do(self._engine.begin)
        session = self._locked_session()
        stock = self._locked(keys)
        sale = self._sale(session, at, on, total=PRICE * len(keys))
        movements = self._movements(stock, reference("S", sale), at, on)
        self._take_from_shelf(stock, at)
        self._lines(sale, names, dict(zip(stock, movements, strict=True)))
        self._insert(Tender, [{"sale_id": sale, "type": "cash", "amount": PRICE * len(keys), "reference": ""}])
        self._do("COMMIT")

    def _locked_session(self) -> int:
        mine = f"WHERE open_for_id = {self._engine.placeholder}{self._engine.for_update}"
        self._do(f"SELECT id FROM {TillSession._meta.db_table} {mine}", [self._cashier_id])  # noqa: S608
        return int(self._cursor.fetchone()[0])

    def _locked(self, keys: Sequence[int]) -> dict[int, int]:
        """How many there are of each."""
        some = f"WHERE id IN {self._list(len(keys))} ORDER BY id{self._engine.for_update}"
        self._do(f"SELECT id, stock_quantity FROM {_SHELF} {some}", keys)  # noqa: S608
        return dict(self._cursor.fetchall())

    def _sale(self, session: int, at: str, on: str, *, total: Any) -> int:
        row = {
            "client_ref": uuid.uuid4().hex,
            "fingerprint": secrets.token_hex(32),
            "cashier_id": self._cashier_id,
            "till_session_id": session,
            "sold_at": at,
            "sold_on": on,
            "received_at": at,
            "subtotal": total,
            "rounding": 0,
            "total": total,
            "note": "",
        }
        return self._insert(Sale, [row])[0]

    def _movements(self, stock: dict[int, int], number: str, at: str, on: str) -> list[int]:
        return self._insert(
            StockMovement,
            [
                {
                    "product_id": product,
                    "quantity": -1,
                    "quantity_after": held - 1,
                    "unit_cost": COST,
                    "value": -COST,
                    "reason": "sale",
                    "reference": number,
                    "note": "",
                    "posted_at": at,
                    "posted_on": on,
                    "posted_by_id": self._cashier_id,
                }
                for product, held in stock.items()
            ],
        )

    def _take_from_shelf(self, stock: dict[int, int], at: str) -> None:
        mark = self._engine.placeholder
        cases = f" WHEN {mark} THEN {mark}" * len(stock)
        new = [number for product, held in stock.items() for number in (product, held - 1)]
        changed = f"stock_quantity = CASE id{cases} END, last_sold_at = {mark}"
        some = f"WHERE id IN {self._list(len(stock))}"
        self._do(f"UPDATE {_SHELF} SET {changed} {some}", [*new, at, *stock])  # noqa: S608

    def _lines(self, sale: int, names: dict[int, str], movements: dict[int, int]) -> None:
        self._insert(
            SaleLine,
            [
                {
                    "sale_id": sale,
                    "product_id": product,
                    "product_name": names[product],
                    "unit": "piece",
                    "sold_as": "piece",
                    "priced_per": 1,
                    "quantity": 1,
                    "list_price": PRICE,
                    "unit_price": PRICE,
                    "discount": 0,
                    "line_total": PRICE,
                    "unit_cost": COST,
                    "line_cost": COST,
                    "movement_id": movement,
                }
                for product, movement in movements.items()
            ],
        )

    def _insert(self, model: type[models.Model], rows: Sequence[Row]) -> list[int]:
        """Every column of the table, in one statement; the new keys."""
        columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
        values = ", ".join([self._list(len(columns))] * len(rows))
        given = [_plain(row.get(column)) for row in rows for column in columns]
        into = f"{model._meta.db_table} ({', '.join(columns)})"
        self._do(f"INSERT INTO {into} VALUES {values} RETURNING id", given)  # noqa: S608
        return [key for (key,) in self._cursor.fetchall()]

    def _list(self, length: int) -> str:
        return f"({', '.join([self._engine.placeholder] * length)})"

    def _do(self, statement: str, given: Iterable[Any] = ()) -> None:
        self._cursor.execute(statement, list(given))


def connect(url: str) -> Engine:
    """As the shop's settings have it: durable, and with the same isolation."""
    place = dj_database_url.parse(url)
    match url.partition(":")[0]:
        case "sqlite":
            return Engine(_sqlite(place["NAME"]), begin="BEGIN IMMEDIATE", placeholder="?", for_update="")
        case "mysql" | "mariadb":
            return Engine(_mariadb(place))
        case _:
            import psycopg

            return Engine(psycopg.connect(url, autocommit=True), offset="+00")


def _sqlite(path: str) -> sqlite3.Connection:
    options = engines.SQLITE_OPTIONS
    connection = sqlite3.connect(path, timeout=options["timeout"], isolation_level=None, check_same_thread=False)
    connection.executescript(options["init_command"] + "PRAGMA foreign_keys = ON;")
    return connection


def _mariadb(place: dict[str, Any]) -> Any:
    import pymysql

    connection = pymysql.connect(
        host=place["HOST"],
        port=int(place["PORT"] or 3306),
        user=place["USER"],
        password=place["PASSWORD"],
        database=place["NAME"],
        charset="utf8mb4",
        autocommit=True,
    )
    connection.cursor().execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    return connection


def _plain(given: Any) -> Any:
    """As every driver takes it: a decimal as text, which no engine takes for floating point."""
    return given if given is None or isinstance(given, int) else str(given)
