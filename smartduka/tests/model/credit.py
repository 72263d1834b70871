"""Who owes what."""

from dataclasses import dataclass, field
from datetime import date

from smartduka.tests.model.numbers import Refused


@dataclass
class Debtor:
    name: str
    limit: int
    phone: str | None = None
    pk: int = 0
    """The program's key, once it was told."""


@dataclass
class Entry:
    debtor: Debtor
    kind: str
    amount: int
    due_on: date | None = None


@dataclass
class CreditBook:
    """The customer ledger; + owes more, − owes less."""

    debtors: dict[str, Debtor]
    entries: list[Entry] = field(default_factory=list)
    introduced: list[Debtor] = field(default_factory=list)
    """Who was added at the till, in order."""

    def introduce(self, name: str, phone: str | None) -> Debtor:
        """Whoever has that name and phone; a new one, who pays cash, when nobody has. A phone is one person's."""
        for debtor in self.debtors.values():
            if (debtor.name.lower(), debtor.phone) == (name.lower(), phone):
                return debtor
            if phone and debtor.phone == phone:
                raise Refused
        self.debtors[name] = Debtor(name, 0, phone)
        self.introduced.append(self.debtors[name])
        return self.debtors[name]

    def balance(self, debtor: Debtor) -> int:
        return sum(entry.amount for entry in self.entries if entry.debtor is debtor)

    def refuse_over_limit(self, debtor: Debtor, amount: int) -> None:
        if self.balance(debtor) + amount > debtor.limit:
            raise Refused("credit_limit")

    def write_off(self, debtor: Debtor, amount: int) -> Entry:
        if amount > self.balance(debtor):
            raise Refused
        return self.post(debtor, "write_off", -amount)

    def post(self, debtor: Debtor, kind: str, amount: int, due_on: date | None = None) -> Entry:
        entry = Entry(debtor, kind, amount, due_on)
        self.entries.append(entry)
        return entry
