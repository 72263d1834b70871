"""Tills that go on selling while something else happens."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from inventory.models import Product
from sales import books
from sales.benchmark.tills import Answer, Till, a_document
from sales.models import Sale

SOLD = {200, 201}
PATIENCE = 90


class Trade:
    """Tills that sell one product until the trade is over, each sale until it is answered; between two they rest."""

    def __init__(self, tills: list[Till], product: Product, *, rest: float = 0) -> None:
        self._tills = tills
        self._product = product
        self._rest = rest
        self._is_over = threading.Event()
        self.answers: list[tuple[str, Answer]] = []

    @contextmanager
    def going_on(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._sell, args=(till,), daemon=True) for till in self._tills]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            for thread in threads:
                thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in threads)

    def wait_for_more(self) -> None:
        """Until something more was sold than now."""
        enough, deadline = len(self.answers) + len(self._tills), time.monotonic() + PATIENCE
        while len(self.answers) < enough:
            assert time.monotonic() < deadline, "Nothing is sold any more."
            time.sleep(0.02)

    def acknowledged(self) -> set[str]:
        """The sales that were answered until now."""
        return {ref for ref, answer in self.answers if answer.status in SOLD}

    def slowest(self) -> float:
        """How many seconds the slowest sale took."""
        return max(answer.seconds for _, answer in self.answers)

    def lost(self) -> set[str]:
        """The sales that were answered, and are not in the books."""
        return self.acknowledged() - self._written().keys()

    def check_books(self) -> None:
        """Each answered sale is there once, under its number, and nothing else is."""
        assert {answer.status for _, answer in self.answers} <= SOLD
        assert self._written() == {ref: answer.json()["number"] for ref, answer in self.answers}
        assert Sale.objects.filter(lines__product=self._product).count() == len(self.answers)
        assert list(books.audit()) == []

    def _written(self) -> dict[str, str]:
        sales = Sale.objects.filter(lines__product=self._product)
        return {str(sale.client_ref): sale.number for sale in sales}

    def _sell(self, till: Till) -> None:
        while not self._is_over.is_set():
            document = a_document(self._product)
            answer = till.sell_for_sure(document, until=time.monotonic() + PATIENCE)
            self.answers.append((document["client_ref"], answer))
            self._is_over.wait(self._rest)
