"""What identifies a request: any UUID that every engine can hold, and nothing else."""

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ValidationError

from customers.models import Customer
from smartduka.forms import ClientRefField
from smartduka.once import parse_client_ref

SHAPE = "12345678-1234-{version}234-{variant}234-123456789abc"
HELD = [SHAPE.format(version=version, variant=variant) for version in "0145678f" for variant in "089abf"]
UNHELD = [SHAPE.format(version=version, variant=variant) for version in "89f" for variant in "0147"]
HELD = [text for text in HELD if text not in UNHELD]


@pytest.mark.parametrize("text", [*HELD, str(uuid4()), str(uuid4()).upper()])
def test_any_other_uuid_is_read(text):
    assert parse_client_ref(text) == ClientRefField().clean(text) == UUID(text)


@pytest.mark.parametrize("text", UNHELD)
def test_a_uuid_of_no_kind_is_refused(text):
    with pytest.raises(ValueError, match=r"^This must be a UUID\.$"):
        parse_client_ref(text)
    with pytest.raises(ValidationError, match="This must be a UUID"):
        ClientRefField().clean(text)


@pytest.mark.django_db
def test_every_engine_holds_what_is_read():
    Customer.objects.bulk_create(Customer(name=text, public_id=UUID(text)) for text in HELD)
    assert {str(each.public_id): each.name for each in Customer.objects.all()} == {text: text for text in HELD}
