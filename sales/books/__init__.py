"""Do the books tie out? Every question an auditor would ask of the till, asked of every row.

Each question is one statement, or bounded by what one statement said: it sees a sale whole or not at all. So nobody
has to stop selling for an audit, and a sale that is rung up meanwhile raises no alarm.
"""

from collections.abc import Iterator
from itertools import chain

from customers import ledger as customer_ledger
from inventory import audit as stock
from sales.books import debts, drawers, goods, totals
from smartduka.databases import append_only


def audit() -> Iterator[str]:
    """A sentence for each difference in the ledgers, the sales, returns, payments and drawers; none when clean."""
    return chain(
        _triggers(),
        stock.movements(),
        stock.receipts(),
        customer_ledger.audit(),
        goods.sold(),
        goods.returned(),
        goods.orphans(),
        totals.sales(),
        totals.returns(),
        totals.payments(),
        debts.entries(),
        debts.orphans(),
        debts.codes(),
        drawers.closed(),
        drawers.parts(),
    )


def _triggers() -> Iterator[str]:
    """The database refuses to change a fact."""
    for name in append_only.missing():
        yield f"The trigger {name} is missing: run migrate, which installs it."
