"""The first person of an empty shop: whoever holds the one-time code that the terminal showed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction

from smartduka.models import Shop
from smartduka.refusals import Refusal


def is_awaited() -> bool:
    """Whether nobody works here yet."""
    return not User.objects.exists()


def code_file() -> Path:
    return settings.DATA_DIR / "first-owner-code"


def welcome(owner: User, *, code: str, shop_name: str) -> User:
    """The unsaved `owner`, saved, with the rights of one, in a shop of this name. The code is used up.

    Refuses, and writes nothing, when the code is wrong or used, or when somebody works here already.
    """
    with _claimed(code), transaction.atomic():
        if not is_awaited():
            raise _refused("This shop has an owner already: log in.")
        Shop.objects.update_or_create(pk=1, defaults={"name": shop_name})
        owner.is_staff = True
        owner.save()
        owner.groups.add(Group.objects.get(name="Owner"))
    return owner


@contextmanager
def _claimed(code: str) -> Iterator[None]:
    """Hold the code's file under another name, so that of two at once only one has it; put it back on failure."""
    held = code_file().with_suffix(".claimed")
    try:
        expected = _plain(code_file().read_text(encoding="utf-8"))
        if not (expected and secrets.compare_digest(expected, _plain(code))):
            raise _refused("This is not the code that the terminal shows.")
        code_file().replace(held)
    except FileNotFoundError:
        raise _refused("This code was used already, or the shop was started without one.") from None
    try:
        yield
    except BaseException:
        held.replace(code_file())
        raise
    held.unlink()


def _plain(code: str) -> bytes:
    """A code without what people add or leave out when they copy it by hand."""
    return "".join(filter(str.isalnum, code)).upper().encode()


def _refused(message: str) -> Refusal:
    return Refusal("invalid", message, {"code": message})
