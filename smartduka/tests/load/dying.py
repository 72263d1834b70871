"""A program that dies in the middle of a sale, at every statement once, and at last completes one.

`python -m smartduka.tests.load.dying <product> <cashier> [--without-transaction]` prints how often it died.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack, nullcontext
from typing import Any
from unittest.mock import patch

import django


def main(product_id: str, cashier_id: str, *options: str) -> None:
    with ExitStack() as broken:
        if options:
            _work_without_transaction(broken)
        deaths = 0
        while _dies_after(deaths + 1, product_id, cashier_id):
            deaths += 1
    print(deaths)


def _dies_after(statements: int, product_id: str, cashier_id: str) -> bool:
    """Sell in a process of its own, which is killed after so many statements; whether it came to that."""
    child = os.fork()
    if child:
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            return True
        if status:
            sys.exit("The sale failed.")
        return False
    _sell(statements, product_id, cashier_id)
    sys.exit()


def _sell(statements: int, product_id: str, cashier_id: str) -> None:
    from django.contrib.auth.models import User
    from django.db import connection

    from inventory.models import Product
    from smartduka.tests.builders import a_line, a_sale, paid

    product, cashier = Product.objects.get(pk=product_id), User.objects.get(pk=cashier_id)
    left = statements

    def count_down(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal left
        done = execute(*args)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    with connection.execute_wrapper(count_down):
        a_sale([a_line(product)], [paid(str(product.selling_price))], by=cashier)


def _work_without_transaction(broken: ExitStack) -> None:
    """Each statement is committed by itself, as in a program that knows no transactions."""
    from django.db import transaction
    from django.db.models import QuerySet

    broken.enter_context(patch.object(transaction, "atomic", lambda *args, **kwargs: nullcontext()))
    broken.enter_context(patch.object(QuerySet, "select_for_update", lambda rows: rows.all()))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartduka.settings"
    django.setup()
    main(*sys.argv[1:])
