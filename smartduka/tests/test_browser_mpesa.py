"""What the till reads out of an M-Pesa message, however it is worded, and what it doubts."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CODE = "QBC2DE3FG4"

READ = """async (texts) => {
  const mpesa = await import("/mpesa.js");
  return texts.map((text) => mpesa.read(text));
}"""

DOUBTS = """async ([text, due, now]) => {
  const mpesa = await import("/mpesa.js");
  return mpesa.doubts(mpesa.read(text), due, Date.parse(now));
}"""

MESSAGES = json.loads((Path(__file__).parent / "messages.json").read_text(encoding="utf-8"))
RECEIVED, SENT = MESSAGES["received"], MESSAGES["sent"]
A_PERSON = RECEIVED["a person"]["text"]

NO_MESSAGE = [
    "",
    "   ",
    CODE,
    f"  {CODE.lower()}\n",
    "Failed. M-PESA is temporarily unable to authorise airtime purchase of Ksh100.00.",
    "Congratulations Confirmed winner of Ksh1,000,000.00",
    "You have received Ksh1,000.00 from JANE DOE",
    "6161100110011",
]


@pytest.fixture
def ask(modules):
    return modules.evaluate


@pytest.mark.parametrize("name", RECEIVED)
def test_money_that_was_received_is_read_by_pieces(ask, name):
    told = RECEIVED[name]
    [said] = ask(READ, [told["text"]])
    del said["at"]
    assert said | {"text": told["text"]} == told | {"code": CODE, "way": "in", "isSeveral": False}


@pytest.mark.parametrize("name", SENT)
def test_money_that_went_out_is_not_taken_for_money_received(ask, name):
    [said] = ask(READ, [SENT[name]])
    assert (said["code"], said["way"], said["amount"]) == (CODE, "out", None)
    assert "This message is of money that went out: nothing was received." in ask(
        DOUBTS, [SENT[name], 100_000, "2026-06-23T08:00:00Z"]
    )


def test_what_is_no_message_is_not_read(ask):
    assert ask(READ, NO_MESSAGE) == [None] * len(NO_MESSAGE)


def test_a_code_with_only_the_beginning_of_its_message_is_read_and_doubted(ask):
    text = f"{CODE} Confirmed. You have rec"
    [said] = ask(READ, [text])
    assert (said["code"], said["way"], said["amount"]) == (CODE, "", None)
    assert ask(DOUBTS, [text, 5_000, "2026-06-23T08:00:00Z"]) == [
        "This message does not say that money was received."
    ]


def test_the_messages_of_several_payments_are_not_chosen_from(ask):
    other = A_PERSON.replace(CODE, "RBC2DE3FG4")
    text = A_PERSON + "\n" + other
    assert ask(READ, [text])[0]["isSeveral"]
    assert ask(DOUBTS, [text, 100_000, "2026-06-23T08:00:00Z"]) == [
        "These are several messages: paste the one of this sale."
    ]


@pytest.mark.parametrize(
    ("due", "now", "said"),
    [
        (100_000, "2026-06-23T07:00:00Z", []),  # 10:00 in Nairobi
        (100_000, "2026-06-23T06:55:00Z", []),
        (100_000, "2026-06-23T06:54:59Z", ["Its time is still to come: 23/6/26 at 10:00 AM."]),
        (100_000, "2026-06-24T07:00:00Z", []),
        (100_000, "2026-06-24T07:00:01Z", ["It is more than a day old: 23/6/26 at 10:00 AM."]),
        (95_050, "2026-06-23T07:00:00Z", ["The message says 1,000, and 950.50 is due here."]),
    ],
)
def test_a_wrong_amount_and_an_old_or_future_time_are_doubted(ask, due, now, said):
    assert ask(DOUBTS, [A_PERSON, due, now]) == said


@pytest.mark.parametrize(
    "when",
    ["31/2/26 at 10:00 AM", "23/13/26 at 10:00 AM", "23/6/26 at 25:00", "23/6/26 at 13:00 PM", "23/6/26 at 10:75"],
)
def test_a_time_that_does_not_exist_is_none(ask, when):
    [said] = ask(READ, [f"{CODE} Confirmed. You have received Ksh10.00 from JANE on {when}."])
    assert (said["at"], said["when"]) == (None, "")


def test_noon_and_midnight_are_where_they_belong(ask):
    texts = [
        f"{CODE} Confirmed. Ksh10.00 received from JANE on 23/6/26 at {time}."
        for time in ("12:00 AM", "12:00 PM", "0:00", "12:00")
    ]
    hours = ask(
        """async (texts) => {
          const mpesa = await import("/mpesa.js");
          return texts.map((text) => new Date(mpesa.read(text).at).toISOString());
        }""",
        texts,
    )
    midnight, noon = "2026-06-22T21:00:00.000Z", "2026-06-23T09:00:00.000Z"
    assert hours == [midnight, noon, midnight, noon]


def test_an_endless_text_is_read_at_once(ask):
    milliseconds = ask(
        """async (texts) => {
          const mpesa = await import("/mpesa.js");
          const began = performance.now();
          for (const text of texts) mpesa.read(text);
          return performance.now() - began;
        }""",
        ["paid " * 200_000, f"{CODE} Confirmed " * 50_000, "from " * 200_000, "1,000" * 200_000, "ksh" * 300_000],
    )
    assert milliseconds < 1_000
