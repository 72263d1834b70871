"""What is sent twice – pressed again, or asked again because the answer was lost – is written once.

Whoever asks makes a `client_ref` before asking: a page with its form, a till with its sale. The row that is made
keeps it, and it is unique, so the database itself refuses a second one.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError

from smartduka.databases.retries import retried
from smartduka.refusals import ClientRefReused, Refusal

Row = TypeVar("Row")

# Of what looks like one, MariaDB cannot hold those whose version is 8 or above and whose variant is below 8.
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-([0-7][0-9a-f]{3}-[0-9a-f]|[0-9a-f]{4}-[89a-f])[0-9a-f]{3}-[0-9a-f]{12}")


def parse_client_ref(text: str) -> UUID:
    """The UUID; ValueError, with a sentence, for what is none that every engine can hold."""
    if not _UUID.fullmatch(text.lower() if text.isascii() else ""):
        raise ValueError("This must be a UUID.")
    return UUID(text)


def written_once(
    model: Any, client_ref: UUID | None, write: Callable[[], Row], *, is_same: Callable[[Row], bool]
) -> tuple[Row, bool]:
    """The row that `write` makes, and whether it is new: the same request again gets the first row.

    `write` is one whole transaction, and its row has the `client_ref`. `is_same` tells whether an earlier row is
    what is asked for now; when it is something else, this refuses with ClientRefReused.
    """
    try:
        return retried(write), True
    except (Refusal, IntegrityError):
        # Whatever stood in the way – the last piece is gone, the sale is void – may be this very row, made by a
        # request whose answer was lost. Asked here, it costs a request that succeeds nothing.
        earlier = model.objects.filter(client_ref=client_ref).first() if client_ref else None
        if earlier is None:
            raise
        if not is_same(earlier):
            raise ClientRefReused(earlier) from None
        return earlier, False
