"""Whatever is sent to POST /till/sales/ is answered as promised: no input makes a server error or leaves a row."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smartduka.tests.builders import a_pack, a_product, what_is_written

pytestmark = pytest.mark.django_db

ARABIC, FULL_WIDTH = "\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}"

# Pieces of JSON, as they stand on the wire.
NO_TEXT = ["1", "1.5", "1e400", "true", "[]", '["1"]', "{}"]


def quoted(*texts: str) -> list[str]:
    return [json.dumps(text) for text in texts]


NOT_DECIMAL = [
    *NO_TEXT, "0", "-1", '"1/4"', '"1 1/2"', '"20/="', '"20 bob"',
    *quoted("", " ", " 1 ", "1\n", "+1", "-1", "1e3", "1E400", "NaN", "sNaN", "Infinity", "0x10", "one", "1%"),
    *quoted("1_000", "1,00", "1.000,50", "1,5", "1 000", "1.", ".5", "1.2.3", "1.2345"),
    *quoted("½", "¹", ARABIC, FULL_WIDTH, "1\0", "\0", "\ud800"),
    *quoted("10000000000.00", "9" * 40, "9" * 5000, "0" * 200_000 + "99999999999"),
]  # fmt: skip
NOT_A_KEY = [
    *NO_TEXT[1:], "0", "-1", "1.0", "false", str(2**63), str(2**70), *quoted("1", ""),
    "999999999", str(2**63 - 1),  # could be one, and is not
]  # fmt: skip
NOT_A_TIME = [
    *NO_TEXT, "1782205200", "1782205200.5",
    *quoted("", "now", "2026-02-31", "2026-06-23T", "2026-06-23\0", "\ud800"),
]  # fmt: skip
NOT_AN_INSTANT = quoted(
    "2026-06-23", "2026-06-23T12:00:00", "2026-06-23T12:00:00+99:00", "2026-06-23T24:01:00Z",
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00",
    f"2026-06-23T0{ARABIC}:00:00Z", f"2026-06-23T0{FULL_WIDTH}:00:00Z",
    "2026-06-16T11:59:59+03:00", "2026-06-23T12:05:01+03:00",  # a second too old, a second too far ahead
)  # fmt: skip
NOT_A_DUE_DATE = quoted(
    "2026-06-23T12:00:00Z", "23/06/2026", "0001-01-01", "9999-12-31", "10000-01-01",
    f"2026-07-0{ARABIC}", f"2026-07-0{FULL_WIDTH}",
    "2026-06-22", "2027-06-25",  # yesterday, more than a year away
)  # fmt: skip
NOT_A_UUID = quoted(
    "", "1", "0" * 32, "{00000000-0000-4000-8000-000000000000}", "urn:uuid:00000000-0000-4000-8000-000000000000",
    "00000000-0000-4000-8000-00000000000g", "00000000-0000-4000-8000-0000000000000",
    "00000000-0000-9000-7000-000000000000",  # MariaDB cannot hold it
    "0000-00000000-4000-8000-000000000000",
    "00000000-0000-4000-8000-000000000000\n", f"{ARABIC}0000000-0000-4000-8000-000000000000",
)  # fmt: skip
NOT_A_LINE = [*NO_TEXT, *quoted("x" * 201, "a\0b", "\ud800", "a\nb", "\u202eb", "\u200b")]
NOT_A_REFERENCE = ["1", "true", "[]", "{}", *quoted("x" * 61, "a\0b", "\ud800", "a\nb", "\u202eb")]
NOT_AN_MPESA_CODE = [
    "null", *NO_TEXT, "1234567890", '["QBC2DE3FG4"]',
    *quoted("", " ", "QBC2DE3FG", "QBC2DE3FG45", "QBC2DE3FG!", "QBC2DE3FG\0", f"QBC2DE3FG{ARABIC}", "QBC2 DE3FG"),
]  # fmt: skip

WRONG: dict[str, list[str]] = {
    "client_ref": ["null", *NO_TEXT, *NOT_A_UUID],
    "customer": NOT_A_KEY,
    "sold_at": NOT_A_TIME + NOT_AN_INSTANT,
    "due_on": NOT_A_TIME + NOT_A_DUE_DATE,
    "note": NOT_A_LINE,
    "override_reason": NOT_A_LINE,
    "lines": ["null", "{}", '"1"', "1", "true", "[]"],
    "lines.0": ["null", "[]", '"1"', "1", "true", "[[]]"],
    "lines.0.product": ["null", *NOT_A_KEY],
    "lines.0.pack": NOT_A_KEY,
    "lines.0.quantity": ["null", *NOT_DECIMAL, *quoted("0", "0.000", "0.5", "1.001", "2000000001")],
    "lines.0.unit_price": [*NOT_DECIMAL, *quoted("1.005", "100000000.00")],
    "lines.0.discount": [*NOT_DECIMAL, *quoted("1.005", "65.01", "9999999999.99")],
    "tenders": ["null", "{}", '"1"', "1", "true"],
    "tenders.0": ["null", "[]", '"1"', "1", "true"],
    "tenders.0.type": ["null", *NO_TEXT, '["cash"]', *quoted("", "cheque", "CASH", "cash ", "\0")],
    "tenders.0.amount": ["null", *NOT_DECIMAL, *quoted("0", "0.00", "65.005")],
    "tenders.0.reference": NOT_A_REFERENCE,
}
CASES = [pytest.param(path, raw, id=f"{path}={raw:.24}") for path, raws in WRONG.items() for raw in raws]


def with_raw(document: dict[str, Any], path: str, raw: str) -> str:
    """The document as JSON, with this piece of JSON, however odd, in one place."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = document
    for part in parents:
        place = place[part]
    place[last] = "@"
    return json.dumps(document).replace('"@"', raw)


@pytest.fixture
def a_credit_sale(a_document, wanjiku):
    """One in which every field matters."""
    return a_document(customer=wanjiku.pk, tenders=[{"type": "on_account", "amount": "65", "reference": ""}])


@pytest.mark.parametrize(("path", "raw"), CASES)
def test_a_wrong_field_is_422_and_named(till, a_credit_sale, path, raw):
    error = till.refused(with_raw(a_credit_sale, path, raw), status=422, code="invalid")
    assert list(error["fields"]) == [path]


REQUIRED = [path for path, raws in WRONG.items() if "null" in raws and not path.endswith("0")]


@pytest.mark.parametrize("path", REQUIRED)
def test_a_missing_field_is_422_and_named(till, a_credit_sale, path):
    *parents, last = path.split(".")
    place = a_credit_sale[parents[0]][0] if parents else a_credit_sale
    del place[last]
    error = till.refused(a_credit_sale, status=422, code="invalid")
    assert list(error["fields"]) == [path]


@pytest.mark.parametrize("raw", NOT_AN_MPESA_CODE)
def test_an_mpesa_code_of_another_shape_is_422(till, a_document, raw):
    document = a_document(tenders=[{"type": "mpesa", "amount": "65"}])
    error = till.refused(with_raw(document, "tenders.0.reference", raw), status=422, code="invalid")
    assert list(error["fields"]) == ["tenders.0.reference"]


@pytest.mark.parametrize("raw", [*NOT_DECIMAL, *quoted("0", "0.00", "20.005", "0.07", "9999999999.99")])
def test_an_amount_that_buys_nothing_is_422(till, a_document, sugar, raw):
    document = a_document(lines=[{"product": sugar.pk, "amount": "20"}])
    error = till.refused(with_raw(document, "lines.0.amount", raw), status=422, code="invalid")
    assert list(error["fields"]) == ["lines.0.amount"]


@pytest.mark.parametrize("raw", ['"0.5"', '"1.5"', '"0"', '"166666667"'])
def test_packs_are_sold_whole_and_not_without_end(till, a_document, bread, raw):
    dozen = a_pack(bread)
    document = a_document(lines=[{"product": bread.pk, "pack": dozen.pk, "quantity": "1"}])
    error = till.refused(with_raw(document, "lines.0.quantity", raw), status=422, code="invalid")
    assert list(error["fields"]) == ["lines.0.quantity"]


def test_the_message_speaks_of_lines_as_people_count_them(till, a_document, bread):
    lines = [{"product": bread.pk, "quantity": "1"}, {"product": bread.pk, "quantity": "x"}]
    error = till.refused(a_document(lines=lines), status=422, code="invalid")
    assert error["message"] == "Line 2, quantity: Write a number such as 1000.50."


@pytest.mark.parametrize("count", [301, 5000])
def test_a_sale_of_thousands_of_lines_is_422(till, a_document, bread, count):
    lines = [{"product": bread.pk, "quantity": "1"}] * count
    assert list(till.refused(a_document(lines=lines), status=422, code="invalid")["fields"]) == ["lines"]


def test_more_tenders_than_a_hand_holds_are_422(till, a_document):
    tenders = [{"type": "cash", "amount": "5"}] * 21
    assert list(till.refused(a_document(tenders=tenders), status=422, code="invalid")["fields"]) == ["tenders"]


class TestWhatNoColumnHolds:
    """Goods that are not counted have no stock that stops them."""

    @pytest.mark.parametrize(("quantity", "count"), [("2000000000", 1), ("101", 1), ("100", 2)])
    def test_a_sale_beyond_all_money_is_422(self, till, a_document, amina, quantity, count):
        airtime = a_product("Airtime", price="99999999.99", is_counted=False, by=amina)
        document = a_document(lines=[{"product": airtime.pk, "quantity": quantity}] * count)
        till.refused(document, status=422, code="invalid")

    def test_a_cost_beyond_all_money_is_422(self, till, a_document, amina):
        airtime = a_product("Airtime", price="0.01", cost="99999999.99", is_counted=False, by=amina)
        document = a_document(lines=[{"product": airtime.pk, "quantity": "2000"}])
        assert list(till.refused(document, status=422, code="invalid")["fields"]) == ["lines.0.quantity"]

    def test_a_price_beyond_all_prices_is_422_for_a_manager_too(self, till_of, a_document, amina, bread):
        document = a_document(
            lines=[{"product": bread.pk, "quantity": "1", "unit_price": "100000000.00"}],
            tenders=[{"type": "cash", "amount": "100000000"}],
        )
        error = till_of(amina).refused(document, status=422, code="invalid")
        assert list(error["fields"]) == ["lines.0.unit_price"]

    def test_the_largest_sale_that_fits_is_sold(self, till, a_document, amina):
        airtime = a_product("Airtime", price="99999999.99", cost="99999999.99", is_counted=False, by=amina)
        tenders = [{"type": "cash", "amount": "9999999999.00"}]
        answer = till.post(a_document(lines=[{"product": airtime.pk, "quantity": "100"}], tenders=tenders))
        assert (answer.status_code, answer.json()["total"], answer.json()["change"]) == (201, "9999999999.00", "0.00")


class TestNoSuchDocument:
    @pytest.mark.parametrize(
        "body",
        [
            b"", b" ", b"{", b"}", b"{]", b'{"lines": [1,]}', b"{'lines': []}", b"client_ref=1",
            b"[" * 20_000, b'{"a":' * 20_000, b"[" * 20_000 + b"]" * 20_000,
            b'{"lines": NaN}', b'{"lines": Infinity}', b'{"lines": -Infinity}', b'{"lines": ' + b"1" * 5000 + b"}",
            b"\xff\xfe\x00", b'{"client_ref": "\xff"}', b'{"client_ref": "\x00"}', b"\x00" * 40, b"\xed\xa0\x80",
            b"null", b"true", b"1", b'"sale"', b"[]", b"[{}]",
        ],
        ids=lambda body: repr(body[:20]),
    )  # fmt: skip
    def test_is_400(self, till, a_document, body):
        assert till.refused(body, status=400, code="invalid")["fields"] == {}

    @pytest.mark.parametrize(
        "content_type",
        ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x",
         "application/jsonp", "application/xml", ""],
    )  # fmt: skip
    @pytest.mark.parametrize("token", ["c" * 32, ""], ids=["token", "no token"])
    def test_of_another_content_type_is_415(self, till, a_document, content_type, token):
        body = json.dumps(a_document())
        till.refused(body, status=415, code="invalid", content_type=content_type, token=token)

    @pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "Application/JSON"])
    def test_its_content_type_may_be_spelled_otherwise(self, till, a_document, content_type):
        assert till.post(json.dumps(a_document()), content_type=content_type).status_code == 201

    def test_of_more_than_a_megabyte_is_413(self, till, a_document):
        till.refused(a_document(note="x" * 1_000_000), status=413, code="invalid")
        form = {"status": 415, "code": "invalid", "content_type": "application/x-www-form-urlencoded"}
        till.refused("x" * 1_000_001, **form)


def _like_json() -> st.SearchStrategy[Any]:
    text = st.text(max_size=12) | st.from_regex(r"\A-?[0-9]{0,12}(\.[0-9]{0,4})?\Z")
    plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text
    return st.recursive(plain, lambda each: st.lists(each, max_size=3) | st.dictionaries(text, each, max_size=3))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(sorted(WRONG)), given_=_like_json())
def test_any_json_in_any_field_is_answered(till, a_document, path, given_):
    document = a_document(tenders=[{"type": "cash", "amount": "100"}])
    before = what_is_written()
    answer = till.post(with_raw(document, path, json.dumps(given_)))
    assert answer.status_code in (201, 422), answer.content
    assert (answer.status_code == 201) == (what_is_written() != before)
