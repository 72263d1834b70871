"""What one cashier's drawer held, from the float in the morning to the count at night."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sales.querysets import TillSessionQuerySet
from smartduka import money
from smartduka.ledger import LedgerRow
from smartduka.references import reference


class TillSession(models.Model):
    """The time in which one cashier answers for one drawer. Written by `sales.sessions` alone.

    Open while `open_for` names the cashier, which is unique: nobody has two drawers open. Closing writes what was
    expected and what was counted, once; afterwards the database lets neither the session change nor money join it,
    so a Z report never changes.
    """

    # Made with the page, so that a form that is sent twice opens one session, and closes it once.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    cashier = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="till_sessions")
    open_for = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="open_till_session",
        help_text="The cashier, as long as the session is open.",
    )
    opening_float = models.DecimalField(max_digits=12, decimal_places=2, help_text="Cash in the drawer at the start.")
    is_automatic = models.BooleanField(default=False, help_text="Opened by the first sale, with a float of 0.")
    opened_at = models.DateTimeField()
    opened_on = models.DateField(help_text="The shop's day.", db_index=True)

    close_ref = models.UUIDField(null=True, unique=True)
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True, help_text="The shop's day.")
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Wider than any sum that people type, for closing must never fail.
    expected = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text="What the books say the drawer held."
    )
    counted = models.DecimalField(max_digits=18, decimal_places=2, null=True, help_text="What it did hold.")
    over_short = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, help_text="Counted − expected: + over, − short."
    )
    denominations = models.JSONField(
        null=True, help_text='How many of each note and coin were counted: {"1000": 3, "50": 2}.'
    )
    note = models.CharField(max_length=200, blank=True, default="")

    objects = TillSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    open_for=F("cashier"),
                    closed_at__isnull=True,
                    closed_on__isnull=True,
                    closed_by__isnull=True,
                    expected__isnull=True,
                    counted__isnull=True,
                    over_short__isnull=True,
                )
                | Q(
                    open_for__isnull=True,
                    closed_at__isnull=False,
                    closed_on__isnull=False,
                    closed_by__isnull=False,
                    expected__isnull=False,
                    counted__isnull=False,
                    over_short__isnull=False,
                ),
                name="till_session_open_or_closed",
            ),
            models.CheckConstraint(
                condition=Q(opening_float__gte=0) & (Q(counted__isnull=True) | Q(counted__gte=0)),
                name="till_session_cash_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return reference("Z", self.pk)

    @property
    def is_open(self) -> bool:
        return self.open_for_id is not None

    @property
    def verdict(self) -> str:
        """What the count said: "20 over", "150 short", "ties out"; nothing while it is open."""
        if self.over_short is None:
            return ""
        if not self.over_short:
            return "ties out"
        return f"{money.show(abs(self.over_short))} {'over' if self.over_short > 0 else 'short'}"


class CashMovement(LedgerRow):
    """Cash put into the drawer or taken out of it, for no sale: change from the bank, a boy's fare, milk for tea."""

    # Made with the page, so that a form that is sent twice moves the cash once.
    client_ref = models.UUIDField(default=uuid.uuid4, unique=True)
    till_session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="cash_movements")
    amount = models.DecimalField(max_digits=12, decimal_places=2, help_text="+ paid in, − paid out.")
    reason = models.CharField(max_length=200)
    moved_at = models.DateTimeField()
    moved_on = models.DateField(help_text="The shop's day.", db_index=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="cash_movement_amount_not_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="cash_movement_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.till_session.number} {self.amount}"
