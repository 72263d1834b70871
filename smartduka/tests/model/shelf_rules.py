"""What the machine does with the shelf, beside selling."""

from collections.abc import Callable, Sequence
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from inventory import corrections
from inventory.models import StockMovement
from smartduka.tests.model import drawn, duka
from smartduka.tests.model.asking import BothAsked
from smartduka.tests.model.comparison import expect
from smartduka.tests.model.shelf import Delivered, Movement


class ShelfRules(BothAsked):
    """The rules of the shelf: what is brought, counted, thrown away, and was a mistake."""

    @rule(
        sku=drawn.counted, quantity=drawn.base_quantities, cost=st.integers(0, 40_000), also=drawn.counted,
        by_the_pack=st.booleans(),
    )  # fmt: skip
    def receive(self, sku, quantity, cost, also, by_the_pack):
        """The form is sent twice."""
        per = 7 if by_the_pack else self.model.shelf.goods[sku].per
        self.deliver([(sku, quantity, cost, per), (also, 6, 1001, 3)], again=True)

    @rule(sku=st.sampled_from(duka.SKUS), quantity=drawn.base_quantities)
    def write_off(self, sku, quantity):
        self.correct(
            "write off",
            lambda: self.model.shelf.write_off(self.model.shelf.goods[sku], quantity),
            lambda seen, ref: corrections.write_off(
                self.rows.products[sku], quantity, self.voucher(), client_ref=ref
            ),
        )

    @rule(sku=st.sampled_from(duka.SKUS), counted=st.sampled_from([0, 5, 18, 2500, 30_000]))
    def count(self, sku, counted):
        self.correct(
            "count",
            lambda: self.model.shelf.count(self.model.shelf.goods[sku], counted),
            lambda seen, ref: corrections.count(
                self.rows.products[sku], counted, self.voucher(), seen=seen, client_ref=ref
            ),
        )

    @rule(back=st.integers(0, 12), once_more=drawn.rarely)
    def reverse_a_movement(self, back, once_more):
        """A delivery or a write-off was a mistake; it cannot be one twice."""
        movements = self.model.shelf.movements
        mistakes = [at for at, each in enumerate(movements) if each.reason in ("receipt", "write_off")]
        fresh = [at for at in mistakes if movements[at].is_reversed == once_more] or mistakes
        place = fresh[-1 - back % len(fresh)]
        self.ask_both(
            "reverse a movement",
            lambda: self.model.shelf.reverse(movements[place]),
            lambda: self.reverse_movement(place),
        )

    def deliver(self, lines: Sequence[tuple[str, int, int, int]], *, again: bool = False) -> None:
        delivered = [Delivered(self.model.shelf.goods[sku], *rest) for sku, *rest in lines]
        ref = self.new_ref()
        done = self.ask_both(
            "receive", lambda: self.model.shelf.receive(delivered), lambda: self.receive_goods(lines, ref)
        )
        if done and again:
            expect("the delivery that was sent again", self.receive_goods(lines, ref).pk, done[1].pk)

    def correct(
        self, verb: str, model: Callable[[], Movement], program: Callable[[int, UUID], StockMovement]
    ) -> None:
        """Correct the shelf, and, as the answer was not heard, once more."""
        seen, ref = self.newest_movement(), self.new_ref()
        done = self.ask_both(verb, model, lambda: program(seen, ref))
        if done:
            expect(f"the {verb} that was sent again", program(seen, ref).pk, done[1].pk)
