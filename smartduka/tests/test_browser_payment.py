"""How a sale is paid at the till: notes, messages, codes, and any mix of tenders."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from sales import tenders
from sales.models import Sale
from sales.tenders import TenderType
from smartduka.tests.builders import a_line, a_sale, a_user, paid, what_is_written
from smartduka.tests.conftest import DESK, TillPage, tenders_of

pytestmark = pytest.mark.browser

CODE = "QBC2DE3FG4"
CHANGE = [("cash", "-35.00", "")]


def a_message(amount: str = "65.00", *, at: datetime | None = None, code: str = CODE) -> str:
    when = (at or timezone.now()).astimezone(ZoneInfo("Africa/Nairobi"))
    day = f"{when.day}/{when.month}/{when:%y} at {when.hour % 12 or 12}:{when:%M %p}"
    return (
        f"{code} Confirmed.You have received Ksh{amount} from JANE DOE 0798765432 on {day} "
        "New M-PESA balance is Ksh8,765.00. Transaction cost, Ksh0.00."
    )


def paste(till, text):
    """What the clipboard of the phone brings, with its lines, into what has the focus."""
    till.page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", text);
          const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


@pytest.fixture
def paying(desk):
    """Otieno's laptop, with a bread for 65 to be paid."""
    desk.type("bread")
    desk.press("F2")
    return desk


def test_the_change_is_big_before_and_after_the_sale(paying):
    paying.part(".notes .chip").filter(has_text="+100").first.click()
    before = paying.part(".verdict-amount")
    expect(before).to_have_text("35")
    assert before.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= 40
    paying.press("F2")
    sale, change = paying.sold()
    assert (tenders_of(sale), change) == ([("cash", "100.00", ""), *CHANGE], "35")
    assert paying.part(".done .change").evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= 72


def test_every_note_is_one_press_and_exact_takes_them_back(paying):
    for note in ("+50", "+100", "+200", "+500", "+1000"):
        paying.part(".notes").get_by_text(note, exact=True).click()
    expect(paying.part(".tender .amount")).to_have_value("1850")
    paying.part(".notes .chip").filter(has_text="Exact").click()
    expect(paying.part(".verdict-amount")).to_have_text("0")
    paying.press("F2")
    assert tenders_of(paying.sold()[0]) == [("cash", "65.00", "")]


def test_a_pasted_message_pays_with_its_code(paying):
    paying.press("m")
    paste(paying, a_message().replace(" from", "\nfrom\n"))
    expect(paying.part(".tender .code")).to_have_value(CODE)
    expect(paying.part(".told")).to_contain_text("65 from JANE DOE 0798765432")
    expect(paying.part(".doubts")).to_be_hidden()
    paying.press("Enter")
    sale, change = paying.sold()
    assert (tenders_of(sale), change) == ([("mpesa", "65.00", CODE)], "0")


def test_the_paste_button_reads_the_clipboard(paying):
    paying.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    paying.page.evaluate("(text) => navigator.clipboard.writeText(text)", a_message())
    paying.press("m")
    paying.part(".paste").click()
    expect(paying.part(".tender .code")).to_have_value(CODE)
    expect(paying.part(".tender .code")).to_be_focused()
    paying.press("Enter")
    assert tenders_of(paying.sold()[0]) == [("mpesa", "65.00", CODE)]


def test_a_phone_without_a_clipboard_to_read_gets_a_box_for_the_message(till):
    till.page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    till.tap(".tile", "Bread")
    till.tap(".start")
    till.tap(".kinds .chip", "M-Pesa")
    till.tap(".paste")
    box = till.part(".tender .message")
    expect(box).to_be_focused()
    box.fill("See you at four")
    expect(till.part(".tender > .field-note")).to_have_text("This is no M-Pesa message.")
    box.fill(a_message())
    expect(box).to_be_hidden()
    expect(till.part(".told")).to_contain_text("65 from JANE DOE")
    till.page.wait_for_timeout(500)
    till.tap(".finish")
    assert tenders_of(till.sold()[0]) == [("mpesa", "65.00", CODE)]


def test_a_message_of_another_amount_is_doubted_and_its_amount_offered(paying):
    paying.press("m")
    paste(paying, a_message("50.00"))
    expect(paying.part(".doubts p")).to_have_text("The message says 50, and 65 is due here.")
    paying.part(".use").click()
    expect(paying.part(".tender .amount")).to_have_value("50")
    expect(paying.part(".doubts")).to_be_hidden()
    expect(paying.part(".verdict-label")).to_have_text("Still to pay")
    paying.part(".kinds .chip").filter(has_text="Cash").click()
    paying.press("F2")
    assert tenders_of(paying.sold()[0]) == [("mpesa", "50.00", CODE), ("cash", "15.00", "")]


def test_more_m_pesa_than_is_due_is_explained_and_cured_by_one_press(paying):
    paying.press("m")
    paste(paying, a_message("1,000.00"))
    paying.part(".use").click()
    expect(paying.part(".verdict-label")).to_have_text("Too much")
    expect(paying.part(".tenders-note")).to_contain_text("M-Pesa is 935 more than is due")
    paying.press("F2")
    assert not Sale.objects.exists()
    paying.part(".cure").click()
    expect(paying.part(".tenders-note")).to_be_hidden()
    paying.press("F2")
    assert tenders_of(paying.sold()[0]) == [("mpesa", "65.00", CODE)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (a_message(at=timezone.now() - timedelta(days=2)), "It is more than a day old"),
        (a_message(at=timezone.now() + timedelta(days=1)), "Its time is still to come"),
        (f"{CODE} Confirmed. Ksh65.00 sent to JOHN DOE 0712345678 on 1/1/26 at 9:00 AM.", "money that went out"),
        (a_message() + a_message(code="RBC2DE3FG4"), "several messages: paste the one of this sale"),
    ],
)
def test_a_message_that_may_be_wrong_is_doubted_before_it_is_taken(paying, text, said):
    paying.press("m")
    paste(paying, text)
    expect(paying.part(".doubts p")).to_contain_text(said)


def test_a_code_that_was_used_is_named_before_the_sale_is_sent(paying, goods, otieno):
    first = a_sale([a_line(goods["soda"])], [paid("40", "mpesa", CODE)], by=otieno)
    before = what_is_written()
    paying.press("m")
    paste(paying, a_message())
    note = paying.part(".tender > .field-note")
    expect(note).to_have_text(re.compile(f"code {CODE} was used already, for {first.number} on .* 2026, 12:00"))
    paying.part(".tender .code").fill("QBC2DE3FG5")
    expect(note).to_be_hidden()
    assert what_is_written() == before
    paying.press("Enter")
    expect(paying.part(".done .change")).to_be_visible()


def test_a_scanned_or_typed_code_is_looked_up_too(paying, goods, otieno):
    a_sale([a_line(goods["soda"])], [paid("40", "mpesa", CODE)], by=otieno)
    paying.press("m")
    paying.page.keyboard.type(CODE.lower())
    expect(paying.part(".tender > .field-note")).to_contain_text("was used already")


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, DESK], ids=["phone", "laptop"])
def test_a_sale_is_split_between_cash_m_pesa_and_the_account(till, wanjiku, size):
    till.page.set_viewport_size(size)
    till.type("10*bread")
    till.part(".start").click()
    till.part(".tender .amount").fill("200")
    till.part(".kinds .chip").filter(has_text="M-Pesa").click()
    paste(till, a_message("150.00"))
    till.part(".use:visible").click()
    till.part(".kinds .chip").filter(has_text="On account").click()
    till.page.keyboard.type("wanj")
    till.part("#customers li").first.click()
    expect(till.part(".customer-standing")).to_have_text("Owes nothing · may owe 5,000 · 5,000 left")
    till.press("F2")
    sale, _ = till.sold()
    assert tenders_of(sale) == [("cash", "200.00", ""), ("mpesa", "150.00", CODE), ("on_account", "300.00", "")]
    assert sale.customer == wanjiku


def test_more_goods_do_not_undo_what_was_typed_of_the_payment(paying):
    paying.press("m")
    paste(paying, a_message())
    paying.press("Escape")
    paying.type("soda")
    paying.press("F2")
    expect(paying.part(".tender .code")).to_have_value(CODE)
    expect(paying.part(".doubts p")).to_have_text("The message says 65, and 105 is due here.")
    paying.part(".use").click()
    paying.part(".kinds .chip").filter(has_text="Cash").click()
    paying.press("F2")
    assert tenders_of(paying.sold()[0]) == [("mpesa", "65.00", CODE), ("cash", "40.00", "")]
    paying.press("Enter")
    paying.type("bread")
    paying.press("F2")
    expect(paying.part(".tender-label")).to_have_text("Cash")


def test_a_slip_number_is_kept_when_there_is_one(paying):
    paying.press("a")
    paying.part(".tender .code").fill("SLIP 77")
    paying.press("Enter")
    assert tenders_of(paying.sold()[0]) == [("card", "65.00", "SLIP 77")]


def test_a_letter_is_no_shortcut_where_letters_are_written(paying):
    paying.press("b")
    paying.part(".tender .code").click()
    paying.page.keyboard.type("cab 7")
    expect(paying.part(".tender")).to_have_count(1)
    expect(paying.part(".tender .code")).to_have_value("cab 7")


def test_a_new_means_of_payment_needs_one_entry_and_no_line_of_the_till(monkeypatch, desk):
    airtel = TenderType(
        "airtel", "Airtel Money", code_pattern=re.compile("[0-9]{11}"), code_cure="Write the 11 digits."
    )
    monkeypatch.setitem(tenders.TYPES, "airtel", airtel)
    desk.open()
    desk.type("bread")
    desk.press("F2")
    desk.part(".kinds .chip").filter(has_text="Airtel Money").click()
    expect(desk.part(".tender .code")).to_be_focused()
    expect(desk.part(".paste")).to_be_hidden()
    desk.type("123")
    expect(desk.part(".tender > .field-note")).to_have_text("Write the 11 digits.")
    desk.part(".tender .code").fill("12345678901")
    desk.press("Enter")
    assert tenders_of(desk.sold()[0]) == [("airtel", "65.00", "12345678901")]


def test_the_last_sale_stays_within_reach(paying):
    paying.press("Enter")
    sale, _ = paying.sold()
    expect(paying.part(".done .see")).to_have_attribute("href", f"/sales/{sale.number}/")
    paying.press("Enter")
    paying.page.reload()
    link = paying.part(".last-sale")
    expect(link).to_have_text(f"{sale.number} · change 0")
    link.click()
    expect(paying.page.locator("h1")).to_contain_text(sale.number)


def test_print_prints_the_receipt_once(paying):
    paying.page.add_init_script(
        "window.print = () => sessionStorage.setItem('prints', (sessionStorage.prints ?? '') + 'x')"
    )
    paying.press("Enter")
    sale, _ = paying.sold()
    paying.part(".done .print").click()
    paying.page.wait_for_function("() => sessionStorage.prints === 'x'")
    paying.page.reload()
    expect(paying.page.locator("h1")).to_contain_text(sale.number)
    assert paying.page.evaluate("() => sessionStorage.prints") == "x"
    assert sale.prints.count() == 1


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}, DESK], ids=["phone", "laptop"])
@pytest.mark.parametrize(
    ("how", "button", "left"), [("Return goods", "Take the goods", 8), ("Void", "Void the sale", 10)]
)
def test_what_was_just_rung_up_is_undone_from_its_receipt(goods, page_of, live_server, size, how, button, left):
    page = page_of(a_user("Njeri", "Manager"))
    page.set_viewport_size(size)
    till = TillPage(page, live_server.url).open()
    till.type("3*bread")
    till.press("F2", "Enter")
    sale, _ = till.sold()
    till.part(".done .see").click()
    page.get_by_role("link", name=how).click()
    if how == "Return goods":
        page.get_by_label("Comes back").fill("1")
    page.get_by_label("Reason").fill("Rung up wrongly")
    page.get_by_role("button", name=button).click()
    expect(page.locator("h1")).to_contain_text(sale.number)
    assert sale.returns.get().is_void == (how == "Void")
    goods["bread"].refresh_from_db()
    assert goods["bread"].stock_quantity == left
    page.get_by_role("link", name="New sale").click()
    expect(till.part(".last-sale")).to_contain_text(sale.number)
