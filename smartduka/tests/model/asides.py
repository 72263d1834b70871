"""What is asked at the till beside a sale: somebody is added, a code is looked up."""

from hypothesis.stateful import precondition, rule

from customers import book
from sales import paymentcodes
from sales.tenders import MPESA
from smartduka.tests.model import drawn
from smartduka.tests.model.asking import BothAsked
from smartduka.tests.model.comparison import expect


class Asides(BothAsked):
    """A rule of the machine."""

    # Not too often, for the shop lives by its trade.
    @precondition(lambda self: len(self.model.shelf.movements) % 2 == 0)
    @rule(newcomer=drawn.newcomers, code=drawn.codes)
    def ask_aside(self, newcomer, code):
        """Somebody wants to be known, who may be known already, or has the phone of somebody else."""
        used = paymentcodes.say_used(MPESA, code)
        expect("whether a code is in use", used is not None, code in self.model.codes)
        before = len(self.model.book.introduced)
        done = self.ask_both(
            "introduce",
            lambda: self.model.book.introduce(*newcomer),
            lambda: book.introduce(*newcomer, by=self.rows.cashier),
        )
        if done is None:
            return
        debtor, (customer, is_new) = done
        expect("whether somebody is new", is_new, len(self.model.book.introduced) > before)
        debtor.pk = debtor.pk or self.rows.customers.get(debtor.name, customer.pk)
        expect("who was introduced", customer.pk, debtor.pk)
