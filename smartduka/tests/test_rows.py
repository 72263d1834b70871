"""Every row is read, told and written alike on every engine: nothing of it is lost, and nothing is made up."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models

from inventory.models import Category, Product
from sales.models import TillSession
from smartduka.databases import append_only, rows
from smartduka.databases.rows import Values
from smartduka.tests.builders import NOON

pytestmark = pytest.mark.django_db

INSTANT = datetime(2026, 6, 23, 9, 0, 0, 123456, tzinfo=UTC)
REF = UUID("7f843ba3-9e65-42b5-816e-33a62b197c2c")

TEXTS = [
    "",
    " ",
    "NULL",
    "\\N",  # how PostgreSQL writes NULL where rows are copied
    "\\.",  # and the end of them
    "a\tb\r\nc\\n",
    "\x01\x1f\x7f\u0085",
    "It's 100% \"sure\" %s {} \\ \\' -- ; /* */ `",
    "Maïs Mai\u0308s 🌽 👩🏾‍🌾 ßüİ",
    "مرحبا בדוכה",
    "\u2028\ufeff\U0010ffff",
]
DOCUMENTS = [
    None,
    {},
    [],
    "",
    "1000",
    0,
    True,
    {"b": 1, "a": [None, 1.5, {"ü🌽": '\\ " \n'}], "": False},
    {"1000": 3, "50": 2, "0.5": 10**20},
]


def a_product(**fields: Any) -> Product:
    category, _ = Category.objects.get_or_create(pk=7, defaults={"name": "Shelf"})
    plain = {
        "name": "Bread",
        "sku": "BREAD",
        "unit": "piece",
        "buying_price": Decimal(50),
        "selling_price": Decimal(60),
    }
    return Product(**{"category": category, "created_at": NOON, **plain, **fields})


def a_session(**fields: Any) -> TillSession:
    otieno, _ = User.objects.get_or_create(pk=5, defaults={"username": "otieno"})
    plain = {"opening_float": Decimal("0.10"), "opened_at": INSTANT, "opened_on": date(2026, 6, 23)}
    return TillSession(**{"cashier": otieno, "open_for": otieno, "client_ref": REF, **plain, **fields})


def values_of(row: models.Model) -> Values:
    return tuple(row.__dict__[field.attname] for field in row._meta.concrete_fields)


def read(model: type[models.Model]) -> list[Values]:
    return [row for some in rows.read(model) for row in some]


def to_line(model: type[models.Model], row: Values) -> bytes:
    return rows.to_lines(model, [row])


def digest(model: type[models.Model], some: list[Values]) -> str:
    return hashlib.sha256(rows.to_lines(model, some)).hexdigest()


class TestRoundTrip:
    """Written, read, told and understood again: the same row."""

    def carried(self, model: type[models.Model], row: Values) -> None:
        rows.write(model, [row])
        (kept,) = read(model)
        told = to_line(model, kept)
        assert kept == row
        assert rows.from_line(model, told) == row
        assert told == to_line(model, row)

    @pytest.mark.parametrize("text", TEXTS, ids=ascii)
    def test_a_text_stays_as_it_was_written(self, text):
        self.carried(Category, (1, text))

    @pytest.mark.parametrize("document", DOCUMENTS, ids=ascii)
    def test_a_document_stays_as_it_was_written(self, document):
        self.carried(TillSession, values_of(a_session(pk=1, denominations=document)))

    @pytest.mark.parametrize("money", ["0.00", "0.01", "0.30", "99999999.99"])
    def test_money_keeps_every_cent(self, money):
        self.carried(Product, values_of(a_product(pk=1, selling_price=Decimal(money), search_text="")))

    def test_a_cost_keeps_four_places(self):
        self.carried(Product, values_of(a_product(pk=1, average_cost=Decimal("9999999999.9999"), search_text="")))

    @pytest.mark.parametrize(
        "instant", [INSTANT, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)]
    )
    def test_an_instant_keeps_its_microseconds(self, instant):
        self.carried(Product, values_of(a_product(pk=1, last_sold_at=instant, search_text="")))

    def test_keys_numbers_and_nothing_stay(self):
        row = values_of(
            a_product(
                pk=2**40,  # counted on from here afterwards on MariaDB, which takes no counter back
                low_stock_threshold=2**31 - 1,
                barcode=None,
                is_active=False,
                floor_price=None,
                search_text="",
            )
        )
        self.carried(Product, row)
        assert None in row

    def test_a_search_text_is_carried_and_not_made_anew(self):
        product = a_product(pk=1)
        product.__dict__["search_text"] = "as an older SmartDuka folded it"
        self.carried(Product, values_of(product))

    def test_any_number_of_rows_in_the_order_of_their_keys(self):
        some = [(key, f"Shelf {key}") for key in range(1, 2 * rows.SLICE + 2)]
        rows.write(Category, list(reversed(some)))
        assert read(Category) == some
        assert [len(slice_) for slice_ in rows.read(Category)] == [rows.SLICE, rows.SLICE, 1]
        rows.write(Category, [])
        assert Category.objects.count() == len(some)


class TestLines:
    def test_a_line_names_the_columns_in_their_order(self):
        session = a_session(pk=3, denominations={"50": 1, "1000": 2.0})
        assert to_line(TillSession, values_of(session)).decode() == (
            '{"id":3,"client_ref":"7f843ba3-9e65-42b5-816e-33a62b197c2c","cashier_id":5,"open_for_id":5,'
            '"opening_float":"0.10","is_automatic":false,"opened_at":"2026-06-23T09:00:00.123456+00:00",'
            '"opened_on":"2026-06-23","close_ref":null,"closed_at":null,"closed_on":null,"closed_by_id":null,'
            '"expected":null,"counted":null,"over_short":null,"denominations":{"1000":2,"50":1},"note":""}\n'
        )

    def test_the_same_instant_is_told_alike_in_every_time_zone(self):
        nairobi = INSTANT.astimezone(timezone(timedelta(hours=3)))
        told = {
            to_line(Product, values_of(a_product(pk=1, last_sold_at=at, search_text=""))) for at in (INSTANT, nairobi)
        }
        assert len(told) == 1

    @pytest.mark.parametrize(
        "line",
        [
            b"[]",
            b"{}",
            b'{"name":"Shelf","id":1}',
            b'{"id":1,"name":"Shelf","more":1}',
            b'{"id":"one","name":"Shelf"}',
            b'{"id":1,"name":',
            b"\xff",
        ],
    )
    def test_a_line_that_tells_no_such_row_is_refused(self, line):
        with pytest.raises(ValueError):  # noqa: PT011 – each has words of its own
            rows.from_line(Category, line)

    @pytest.mark.parametrize("change", [{"opened_on": "soon"}, {"opening_float": "much"}, {"client_ref": "7"}])
    def test_a_line_with_a_wrong_value_is_refused_by_its_field(self, change):
        told = json.loads(to_line(TillSession, values_of(a_session(pk=1)))) | change
        with pytest.raises(ValueError, match=f"is no value of sales.TillSession.{next(iter(change))}"):
            rows.from_line(TillSession, json.dumps(told).encode())

    def test_what_json_cannot_tell_is_refused(self):
        with pytest.raises(ValueError, match="not JSON compliant"):
            to_line(TillSession, values_of(a_session(pk=1, denominations={"50": float("nan")})))
        with pytest.raises(TypeError, match="no copy can hold"):
            to_line(Product, values_of(a_product(pk=1, selling_price=0.1, search_text="")))


class TestDigest:
    """The control of every comparison: a row that lost the least of it has another digest."""

    LOSSES = {
        "a microsecond": {"opened_at": INSTANT.replace(microsecond=123000)},
        "a cent that floating point lost": {"expected": Decimal(float("9999999999999999.99"))},
        "nothing for an empty text": {"note": None},
        "a blank": {"note": "Counted twice"},
        "an accent": {"note": "Counted twicé "},
        "a key": {"pk": 2},
        "a document's number as a text": {"denominations": {"50": "1"}},
    }

    @pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
    def test_the_least_loss_changes_it(self, loss):
        whole = {
            "pk": 1,
            "expected": Decimal("9999999999999999.99"),
            "denominations": {"50": 1},
            "note": "Counted twice ",
        }
        kept, lost = (values_of(a_session(**{**whole, **change})) for change in ({}, loss))
        assert digest(TillSession, [kept]) != digest(TillSession, [lost])

    def test_it_does_not_hang_on_how_an_engine_spells_a_number(self):
        spelt = [
            values_of(a_session(pk=1, expected=Decimal(amount), denominations=document))
            for amount, document in (("5", {"a": 1e22, "b": 2}), ("5.00", {"b": 2, "a": 10**22}))
        ]
        assert digest(TillSession, spelt[:1]) == digest(TillSession, spelt[1:])


@pytest.mark.django_db(transaction=True)
class TestEmptyingAndCounting:
    def test_the_next_keys_follow_the_greatest(self):
        first = Category.objects.create(name="First").pk
        rows.write(Category, [(first + 1, "Shelf")])
        if connection.vendor == "postgresql":  # the control: it counts keys apart from the rows
            with pytest.raises(IntegrityError):
                Category.objects.create(name="Next")
        rows.count_on([Category])
        assert Category.objects.create(name="Next").pk == first + 2

    def test_every_row_goes_children_first(self):
        a_product(pk=1).save()
        with append_only.lifted():
            rows.empty([Category, Product])
        assert (Category.objects.count(), Product.objects.count()) == (0, 0)

    def test_rows_are_written_all_or_none(self):
        with pytest.raises(IntegrityError):
            rows.write(Category, [(1, "Shelf"), (2, "Shelf")])
        assert not Category.objects.exists()
