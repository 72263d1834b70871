"""The forms of a page, read as a browser reads them."""

import random
from html.parser import HTMLParser

from smartduka.tests.fuzz import values


class FormReader(HTMLParser):
    """`fields` maps each name on the page to what could be sent for it, what stands there first."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag in ("input", "textarea", "button") and name:
            self.fields.setdefault(name, []).append(value or ("on" if given.get("type") == "checkbox" else ""))
        elif tag == "select":
            self._select = name
            self.fields.setdefault(name, [])
        elif tag == "option" and self._select:
            at = 0 if "selected" in given else len(self.fields[self._select])
            self.fields[self._select].insert(at, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def read(page: str) -> dict[str, list[str]]:
    reader = FormReader()
    reader.feed(page)
    return reader.fields


def filled(fields: dict[str, list[str]], dice: random.Random) -> list[tuple[str, str]]:
    """Most fields as a person leaves or fills them, a few as nobody would."""
    sent = []
    oddness = dice.choice([0.0, 0.05, 0.1, 0.3])
    for name, choices in fields.items():
        chance = dice.random()
        if chance < oddness / 4:
            continue
        if chance < oddness:
            sent.append((name, values.word(dice)))
        elif chance < 0.9:
            sent.append((name, (choices or [""])[0] or dice.choice(values.PLAUSIBLE.get(name, [""]))))
        else:
            sent.append((name, dice.choice([*choices, *values.SENSIBLE])))
    if dice.random() < oddness:
        sent.append((values.word(dice), values.word(dice)))
    if sent and dice.random() < oddness:
        sent.append(dice.choice(sent))
    return sent
