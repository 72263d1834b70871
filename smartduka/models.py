"""The shop itself, and the diary of what no ledger holds."""

from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models

from smartduka.ledger import LedgerRow
from smartduka.names import called
from smartduka.querysets import EventQuerySet
from smartduka.search import FoldedField
from smartduka.text import LineField


class Shop(models.Model):
    """The one shop of this database: what stands on its receipts, and how it counts."""

    class RoundingStep(models.IntegerChoices):
        ONE = 1, "1 shilling"
        FIVE = 5, "5 shillings"

    class Paper(models.TextChoices):
        NARROW = "58", "58 mm"
        WIDE = "80", "80 mm"
        A4 = "a4", "A4"

    # Not an automatic key: MariaDB checks no rule on those.
    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = LineField(max_length=80, default="My duka")
    phone = LineField(max_length=20, blank=True, default="")
    kra_pin = models.CharField(
        "KRA PIN",
        max_length=11,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[A-Z][0-9]{9}[A-Z]\Z", "A KRA PIN looks like A123456789Z.")],
    )
    receipt_footer = LineField(max_length=200, blank=True, default="Asante, karibu tena!")
    paper = models.CharField(
        max_length=4, choices=Paper, default=Paper.WIDE, help_text="What receipts are printed on."
    )
    rounding_step = models.PositiveSmallIntegerField(
        choices=RoundingStep,
        default=RoundingStep.ONE,
        help_text="Totals are rounded to this, whatever the tender; the difference is a line of its own.",
    )
    day_turns_at = models.PositiveSmallIntegerField(
        "the day turns at",
        default=0,
        validators=[MaxValueValidator(23)],
        help_text="Hour (0–23) until which a sale still counts to the day before.",
    )

    class Meta:
        verbose_name_plural = "shop"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="shop_is_one"),
            models.CheckConstraint(condition=models.Q(rounding_step__in=(1, 5)), name="shop_rounding_step"),
            models.CheckConstraint(condition=models.Q(paper__in=("58", "80", "a4")), name="shop_paper_known"),
            models.CheckConstraint(condition=models.Q(day_turns_at__lte=23), name="shop_day_turns_at"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> "Shop":
        """The shop, or the defaults while nobody has written its settings."""
        return cls.objects.first() or cls()


class Event(LedgerRow):
    """Who did what that no ledger holds: a price, a limit or a role that changed, a login, a check of the books.

    Written by `smartduka.events` alone.
    """

    # No choices: the kinds live in `smartduka.events`, and a new one needs no migration.
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=160, blank=True, default="", help_text="What it was about.")
    fact = models.CharField(max_length=60, blank=True, default="", help_text="Which of its facts changed.")
    before = models.CharField(max_length=200, blank=True, default="")
    after = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    happened_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: the program.",
    )
    search_text = FoldedField(of=("subject", "fact", "before", "after", "reason"), max_length=1000)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-id"], name="event_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()

    @property
    def who(self) -> str:
        """Whoever did it, as people say it; `by` must have been fetched."""
        return called(self.by, nobody="the program")
