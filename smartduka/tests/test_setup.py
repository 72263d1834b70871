"""The shop's settings, and the diary that an owner reads."""

from datetime import UTC, datetime

import pytest

from smartduka import events, shopkeeping
from smartduka.models import Event, Shop
from smartduka.tests.builders import a_user, diary

pytestmark = pytest.mark.django_db

SETTINGS = {
    "name": "Duka la Amina", "phone": "", "kra_pin": "", "receipt_footer": "Asante, karibu tena!",
    "paper": "80", "rounding_step": "1", "day_turns_at": "0",
}  # fmt: skip


@pytest.fixture
def office(client, amina, shop):
    client.force_login(amina)
    return client


def send(client, **words):
    form = client.get("/shop/").context["form"]
    mark = next(name for name in ("seen", "since") if name in form.fields)
    return client.post("/shop/", {mark: form[mark].value(), **words})


def errors_of(response):
    assert response.status_code == 200
    return {field: list(said) for field, said in response.context["form"].errors.items()}


# --- The shop ----------------------------------------------------------------------------------------------


def test_each_changed_setting_is_written_down(office, shop):
    changed = {
        "phone": "0712 345 678",
        "kra_pin": "A123456789Z",
        "paper": "58",
        "rounding_step": "5",
        "day_turns_at": "4",
    }
    assert send(office, **SETTINGS | changed | {"receipt_footer": ""}).headers["Location"] == "/shop/"
    shop.refresh_from_db()
    assert (shop.phone, shop.kra_pin, shop.receipt_footer) == ("0712 345 678", "A123456789Z", "")
    assert (shop.paper, shop.rounding_step, shop.day_turns_at) == ("58", 5, 4)
    shop_changed = [entry[2:] for entry in diary() if entry[:2] == ("shop_changed", "Duka la Amina")]
    assert shop_changed == [
        ("phone", "", "0712 345 678", "Amina"),
        ("KRA PIN", "", "A123456789Z", "Amina"),
        ("receipt footer", "Asante, karibu tena!", "", "Amina"),
        ("paper of receipts", "80 mm", "58 mm", "Amina"),
        ("rounding", "1 shilling", "5 shillings", "Amina"),
        ("hour at which the day turns", "0", "4", "Amina"),
    ]
    assert send(office, **SETTINGS | changed | {"receipt_footer": ""}).status_code == 302
    assert len(diary()) == 6


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"kra_pin": "P05"}, "kra_pin"),
        ({"paper": "a5"}, "paper"),
        ({"rounding_step": "2"}, "rounding_step"),
        ({"day_turns_at": "24"}, "day_turns_at"),
        ({"day_turns_at": "-1"}, "day_turns_at"),
        ({"phone": "0" * 21}, "phone"),
    ],
)
def test_a_wrong_setting_names_the_field_and_writes_nothing(office, wrong, field):
    before = Shop.objects.values().get()
    assert list(errors_of(send(office, **SETTINGS | wrong))) == [field]
    assert Shop.objects.values().get() == before
    assert diary() == []


@pytest.mark.parametrize(
    ("tried", "shown"),
    [
        ({"name": "Duka jipya", "phone": "0712", "receipt_footer": ""}, ["<h2>Duka jipya</h2>", "<p>0712</p>"]),
        ({"paper": "58"}, ['data-paper="58"']),
        (
            {"rounding_step": "5"},
            ['<td class="num">2.25</td>', '<td class="num">235</td>'],
        ),
        (
            {"rounding_step": "1"},
            ['<td class="num">0.25</td>', '<td class="num">233</td>'],
        ),
        ({"day_turns_at": "4"}, ["What is sold before 4:00 counts to the day before."]),
        ({"name": "", "paper": "a5", "kra_pin": "P05"}, ["<h2>Duka la Amina</h2>", 'data-paper="80"']),
    ],
)
def test_settings_that_are_only_tried_show_their_receipt_and_are_not_kept(office, tried, shown):
    before = Shop.objects.values().get()
    response = send(office, **SETTINGS | tried | {"check": "1"})
    assert response.status_code == 200
    page = response.content.decode()
    assert [text for text in shown if text not in page] == []
    assert Shop.objects.values().get() == before
    assert diary() == []


def test_settings_that_another_owner_changed_are_not_overwritten(office, shop):
    njeri = a_user("Njeri", "Owner")
    seen = office.get("/shop/").context["form"]["seen"].value()
    shop.rounding_step = 5
    shopkeeping.save(shop, by=njeri, fields={"rounding_step"})
    response = office.post("/shop/", SETTINGS | {"seen": seen, "name": "Duka jipya"})
    assert errors_of(response)["rounding_step"] == ["Njeri changed this meanwhile: it is now 5 shillings."]
    shop.refresh_from_db()
    assert (shop.name, shop.rounding_step) == ("Duka la Amina", 5)


def test_a_shop_without_settings_gets_them_once(client, amina):
    client.force_login(amina)
    for _ in range(2):
        assert send(client, **SETTINGS | {"name": "Duka"}).status_code == 302
    assert Shop.objects.get().name == "Duka"
    assert diary() == [("shop_changed", "Duka", "", "", "added", "Amina")]


# --- The diary ---------------------------------------------------------------------------------------------


@pytest.fixture
def pages(office, amina, otieno, time_machine):
    """Three things on three days; the day turns at 4, so the third still belongs to the 24th."""
    Event.objects.exists()
    Shop.objects.update(day_turns_at=4)
    time_machine.move_to(datetime(2026, 6, 23, 9, tzinfo=UTC), tick=False)
    events.record(
        events.PRICE_CHANGED, by=amina, subject="Café (CAFE)", fact="selling price", before="60", after="65"
    )
    time_machine.move_to(datetime(2026, 6, 24, 9, tzinfo=UTC), tick=False)
    events.record(events.LIMIT_CHANGED, by=otieno, subject="O'Brien 100%", fact="credit limit", after="5,000")
    time_machine.move_to(datetime(2026, 6, 25, 0, 30, tzinfo=UTC), tick=False)  # 03:30 in Nairobi
    events.record(events.PRICE_CHANGED, by=otieno, subject="Sugar_2 (SUGAR)", before="150", after="160")
    return office


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=price_changed", ["Sugar_2 (SUGAR)", "Café (CAFE)"]),
        ("kind=limit_changed", ["O'Brien 100%"]),
        ("q=cafe", ["Café (CAFE)"]),
        ("q=CAFÉ", ["Café (CAFE)"]),
        ("q=price 65", ["Café (CAFE)"]),
        ("q=100%25", ["O'Brien 100%"]),
        ("q=sugar_", ["Sugar_2 (SUGAR)"]),
        ("q=o'brien", ["O'Brien 100%"]),
        ("q=%25%25", []),
        ("since=2026-06-24", ["Sugar_2 (SUGAR)", "O'Brien 100%"]),
        ("since=2026-06-24&until=2026-06-24", ["Sugar_2 (SUGAR)", "O'Brien 100%"]),
        ("since=2026-06-25&kind=price_changed", []),
        ("until=2026-06-23&kind=price_changed", ["Café (CAFE)"]),
    ],
)
def test_events_are_found_by_kind_words_and_days_the_newest_first(pages, query, found):
    response = pages.get(f"/events/?{query}")
    assert [event.subject for event in response.context["page"] if event.kind != "logged_in"] == found


def test_events_are_found_by_who_did_it(pages, otieno):
    response = pages.get(f"/events/?by={otieno.pk}")
    assert [event.subject for event in response.context["page"]] == ["Sugar_2 (SUGAR)", "O'Brien 100%"]


@pytest.mark.parametrize(
    "query",
    ["q=%00", "kind=x", "by=x", "by=999999", "since=x", "since=0001-01-01", "until=9999-12-31", "page=x", "page=-1"],
)
def test_what_cannot_be_understood_is_not_looked_for(pages, query):
    response = pages.get(f"/events/?{query}")
    assert response.status_code == 200
    assert len(response.context["page"]) >= 3


def test_an_event_says_what_was_before_and_after(pages):
    shown = " ".join(pages.get("/events/?q=cafe").content.decode().split())
    for fact in ("Café (CAFE)", "Price changed: selling price", "60 → 65", "amina", "23 Jun 2026, 12:00"):
        assert fact.lower() in shown.lower()


def test_a_diary_without_such_events_says_what_to_do(pages):
    assert "No such events" in pages.get("/events/?q=nothing").content.decode()


def test_the_diary_takes_the_same_queries_for_4_and_for_200_events(pages, amina, django_assert_num_queries):
    with django_assert_num_queries(7):
        pages.get(f"/events/?q=a&by={amina.pk}")
    for number in range(200):
        events.record(events.PRICE_CHANGED, by=amina, subject=f"Bread {number}")
    with django_assert_num_queries(7):
        assert len(pages.get(f"/events/?q=a&by={amina.pk}").context["page"]) == 50


# --- Setup -------------------------------------------------------------------------------------------------


def test_setup_leads_a_manager_to_goods_and_an_owner_to_everything(client, office, shop):
    doors = ["/categories/", "/suppliers/", "/people/", "/shop/", "/events/", "/health/", "/admin/"]

    def offered():
        shown = client.get("/setup/").content.decode()
        return [door for door in doors if f'href="{door}"' in shown]

    assert offered() == doors
    client.force_login(a_user("Mwangi", "Manager"))
    assert offered() == doors[:2]
    client.force_login(a_user("Cashier", "Cashier"))
    assert client.get("/setup/").status_code == 403
    assert "/setup/" not in client.get("/products/").content.decode()
