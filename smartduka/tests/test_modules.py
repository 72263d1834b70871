"""Modules are joined so that nothing changes but their weight, and what cannot be joined so is refused."""

import json
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from smartduka.modules import imported, joined, without_comments
from smartduka.storage import HashedFiles

if TYPE_CHECKING:
    from playwright.sync_api import Route

MONEY = """// Money, in cents.

export const STEP = 5;

/** Cents of shillings.
 *  Twice as nice. */
export function cents(shillings) {
  return shillings * 100; // exact
}
"""
BASKET = """import * as money from "./money.js";
import { STEP as step, cents } from "./money.js";

export class Basket {
  total = () => money.cents(1) + cents(2) + step;
}
"""
TILL = """import { Basket } from "./basket.js";
import { cents } from "./money.js";

globalThis.said = [new Basket().total(), cents(0)];
"""
FILES = {"money.js": MONEY, "basket.js": BASKET, "till.js": TILL}


def test_each_module_stands_once_after_what_it_imports():
    text = joined("till.js", FILES.__getitem__)
    assert [text.count(f"const ${name} = (() => {{") for name in ("money", "basket", "till")] == [1, 1, 1]
    assert text.index("$money =") < text.index("$basket =") < text.index("$till =")
    assert "const { STEP: step, cents } = $money;" in text
    assert "return { STEP, cents };" in text


def test_comments_on_lines_of_their_own_are_left_out():
    text = joined("money.js", FILES.__getitem__)
    assert "Money, in cents" not in text
    assert "Twice" not in text
    assert "return shillings * 100; // exact" in text


def test_a_style_sheet_keeps_all_but_its_comments():
    sheet = (
        "/* The vocabulary:\n * two words. */\n\n.a { color: red; } /* why */\n  /* no */\n.b { content: '*/'; }\n"
    )
    assert without_comments(sheet) == "\n.a { color: red; } /* why */\n.b { content: '*/'; }\n"


@pytest.mark.parametrize(
    "line",
    [
        'import money from "./money.js";',
        'import "./money.js";',
        'import { cents } from "../money.js";',
        'import { cents } from "https://elsewhere.example/money.js";',
        'const late = await import("./money.js");',
        "console.log(import.meta.url);",
        "export default 7;",
        "export let changing = 7;",
        "export { cents };",
        'export * from "./money.js";',
    ],
)
def test_what_is_not_understood_is_refused(line):
    with pytest.raises(ValueError, match=r"odd\.js: modules are not joined with such a line"):
        joined("odd.js", {"odd.js": f"{line}\n", "money.js": MONEY}.__getitem__)


def test_modules_that_import_each_other_are_refused():
    files = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match=r"a\.js imports b\.js imports a\.js"):
        joined("a.js", files.__getitem__)


@pytest.mark.browser
def test_a_browser_cannot_tell_the_difference(browser_page):
    def said(files: dict[str, str]) -> list[int]:
        def answer(route: "Route") -> None:
            name = route.request.url.rpartition("/")[2]
            kind = "text/javascript" if name else "text/html"
            route.fulfill(content_type=kind, body=files.get(name, ""))

        browser_page.unroute_all()
        browser_page.route("**/*", answer)
        browser_page.goto("http://localhost/")
        return browser_page.evaluate("import('/till.js').then(() => globalThis.said)")

    assert said(FILES) == [305, 0]
    assert said({"till.js": joined("till.js", FILES.__getitem__)}) == [305, 0]


def test_what_was_collected_before_is_joined_anew(settings, tmp_path):
    source, root = tmp_path / "source", tmp_path / "root"
    source.mkdir()
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], root
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "smartduka.storage.HashedFiles"}}
    for name, text in FILES.items():
        (source / name).write_text(text, encoding="utf-8")

    def collected() -> str:
        call_command("collectstatic", verbosity=0, interactive=False)
        names = json.loads((root / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
        return Path(root, names["till.js"]).read_text(encoding="utf-8")

    before = collected()
    (source / "money.js").write_text(MONEY.replace("100", "1000"), encoding="utf-8")
    after = collected()
    assert "shillings * 100;" in before
    assert "shillings * 1000;" in after
    assert imported(before) == imported(after) == []


def test_a_dry_run_writes_nothing(tmp_path):
    source = FileSystemStorage(tmp_path)
    (tmp_path / "till.js").write_text(TILL, encoding="utf-8")
    with patch.object(Path, "write_text") as write:
        list(HashedFiles(location=tmp_path / "root").post_process({"till.js": (source, "till.js")}, dry_run=True))
    write.assert_not_called()
