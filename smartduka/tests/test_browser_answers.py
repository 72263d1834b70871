"""Answers that are none, and refusals of the whole sale: the basket stays, and what stands in the way is said."""

import json

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from sales.models import Sale
from smartduka.tests.conftest import lines_of
from smartduka.tests.test_browser_trouble import SALES, answer_lost, ring_up_bread

pytestmark = pytest.mark.browser

STRANGE = "Something else than the shop answered, perhaps a login page of the network."
AWAY = "The shop is not there just now: wait a moment."


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 200, "content_type": "text/html", "body": "<title>Log in to this hotspot</title>"}, STRANGE),
        ({"status": 200, "content_type": "application/json", "body": json.dumps({"ok": True})}, STRANGE),
        ({"status": 201, "content_type": "application/json", "body": '{"number": "S-0'}, STRANGE),
        ({"status": 404, "content_type": "application/json", "body": "[]"}, STRANGE),
        ({"status": 302, "headers": {"Location": "/login/"}}, "No answer from the books."),
        ({"status": 413, "content_type": "text/html", "body": "Too large"}, "This is too large for the network"),
        ({"status": 429, "content_type": "text/plain", "body": "Slow down"}, "The shop is asked too much just now"),
        ({"status": 502, "content_type": "text/html", "body": "<h1>Bad gateway</h1>"}, AWAY),
        ({"status": 503, "content_type": "text/html", "body": "Starting"}, AWAY),
    ],
    ids=[
        "a hotspot",
        "other JSON",
        "half an answer",
        "a list",
        "a redirect",
        "too large",
        "a queue",
        "a proxy",
        "a start",
    ],
)
def test_only_the_shops_own_answer_is_an_acknowledgement(desk, answer, said):
    with answer_lost(desk, answer):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text(said)
        expect(desk.part(".problem")).to_contain_text("asking again never rings a sale up twice")
    assert desk.basket() == [("Bread 400 g", "1", "65")]
    desk.press("Enter")
    desk.sold()


def test_a_shop_that_cannot_work_just_now_says_why_and_is_asked_again(desk):
    outage = {"error": {"code": "unavailable", "message": "The disk is full: make room on it.", "fields": {}}}
    with answer_lost(desk, {"status": 503, "json": outage}):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("The disk is full: make room on it.")
    desk.press("Enter")
    desk.sold()


def test_a_till_without_a_network_says_so(desk):
    desk.type("bread")
    desk.page.context.set_offline(True)
    desk.press("F2", "Enter")
    expect(desk.part(".problem")).to_contain_text("This till is offline.")
    desk.page.context.set_offline(False)
    desk.press("Enter")
    desk.sold()


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (403, {"code": "forbidden", "message": "You may not do this."}, "You may not do this."),
        (413, {"code": "invalid", "message": "This sale is too large to be read."}, "too large to be read"),
    ],
)
def test_what_is_refused_of_the_whole_sale_is_said_above_its_buttons(desk, status, error, said):
    desk.page.route(SALES, lambda route: route.fulfill(status=status, json={"error": error}))
    ring_up_bread(desk)
    expect(desk.part(".problem")).to_contain_text(said)
    expect(desk.part(".finish")).to_have_text("Complete sale Enter")
    assert desk.basket() == [("Bread 400 g", "1", "65")]


def test_a_page_that_is_too_old_is_loaded_again_with_its_basket(desk):
    desk.type("bread")
    desk.page.context.clear_cookies(name="csrftoken")
    desk.press("F2", "Enter")
    expect(desk.part(".problem")).to_contain_text("This page is too old: load it again.")
    assert not Sale.objects.exists()
    desk.part(".problem a").click()
    expect(desk.part(".line")).to_have_count(1)
    desk.press("F2", "Enter")
    desk.sold()


def test_a_till_that_was_logged_out_leads_to_the_login_and_back_to_its_basket(desk):
    desk.type("bread")
    desk.press("F2")
    Session.objects.all().delete()
    desk.press("Enter")
    expect(desk.part(".problem")).to_contain_text("You are logged out.")
    assert desk.basket() == [("Bread 400 g", "1", "65")]
    assert not Sale.objects.exists()
    desk.part(".problem a").click()
    desk.page.fill("[name=username]", "otieno")
    desk.page.fill("[name=password]", "karibu-duka")
    desk.page.keyboard.press("Enter")
    expect(desk.part(".line")).to_have_count(1)
    desk.press("F2", "Enter")
    desk.sold()


def test_a_till_logged_out_while_an_answer_is_missing_still_asks_for_that_sale(desk):
    with answer_lost(desk):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    Session.objects.all().delete()
    desk.press("Enter")
    expect(desk.part(".problem")).to_contain_text("You are logged out.")
    expect(desk.part(".problem")).not_to_contain_text("Nothing was rung up")
    expect(desk.part(".finish")).to_have_text("Ask again Enter")
    expect(desk.part(".throw")).to_be_hidden()
    desk.part(".problem a").click()
    desk.page.fill("[name=username]", "otieno")
    desk.page.fill("[name=password]", "karibu-duka")
    desk.page.keyboard.press("Enter")
    expect(desk.part(".finish")).to_have_text("Ask again Enter")
    desk.press("F2")
    assert desk.sold()[0] == Sale.objects.get()


@pytest.mark.parametrize("status", [403, 413])
def test_who_is_refused_at_the_door_while_an_answer_is_missing_still_asks_for_that_sale(desk, status):
    with answer_lost(desk):
        ring_up_bread(desk)
        expect(desk.part(".problem")).to_contain_text("No answer from the books.")
    error = {"code": "forbidden", "message": "You may not do this."}
    desk.page.route(SALES, lambda route: route.fulfill(status=status, json={"error": error}))
    desk.press("Enter")
    expect(desk.part(".problem")).to_contain_text("You may not do this.")
    expect(desk.part(".finish")).to_have_text("Ask again Enter")
    desk.page.unroute(SALES)
    desk.press("Enter")
    assert desk.sold()[0] == Sale.objects.get()


def test_a_shop_that_takes_too_long_is_asked_again_and_sells_once(desk):
    desk.page.add_init_script(
        "AbortSignal.timeout = ((real) => () => real.call(AbortSignal, 300))(AbortSignal.timeout)"
    )
    desk.page.reload()
    desk.part(".tile").first.wait_for()
    desk.page.route(SALES, lambda route: route.fetch())  # the sale arrives; its answer never does
    ring_up_bread(desk)
    expect(desk.part(".problem")).to_contain_text("The books did not answer in time.")
    desk.page.unroute(SALES)
    desk.press("Enter")
    assert lines_of(desk.sold()[0]) == [("Bread 400 g", "1", "65.00")]
