"""A real browser for tests marked `browser`: the Chromium of this machine, kept on this machine.

Such tests run once, with SQLite, like those marked `once`; without a Chromium they are skipped, and say so.
SMARTDUKA_TEST_BROWSER chooses "only" them, or all others and them "never".
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_TILL = Path(__file__).resolve().parents[2] / "sales" / "static" / "sales" / "till"
_VIOLATION = "Against the policy: "
_TELL_VIOLATIONS = f"""document.addEventListener("securitypolicyviolation", (event) =>
  console.error("{_VIOLATION}" + event.violatedDirective + " " + event.blockedURI));"""
SWITCHES = [
    # No page finds another machine. To look at each request here instead would cost every page half a second.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def chromium() -> str | None:
    """The browser's program: CHROMIUM, or the first one on the PATH."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives a real Chromium; runs once, with SQLite.")
    config.addinivalue_line("markers", "once: no engine could change what comes of it; runs once, with SQLite.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    from django.db import connection

    is_sqlite = connection.vendor == "sqlite"
    wanted = os.environ.get("SMARTDUKA_TEST_BROWSER", "") if is_sqlite else "never"
    left_out = [
        item
        for item in items
        if wanted == ("never" if item.get_closest_marker("browser") else "only")
        or (item.get_closest_marker("once") and not is_sqlite)
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium found: install one, or name it in CHROMIUM"))


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One headless Chromium for the whole run."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, in which Django would otherwise refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = [] if getattr(os, "geteuid", lambda: 1)() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*SWITCHES, *sandbox])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def modules(browser: "Browser") -> "Iterator[Page]":
    """A blank page that can import the till's modules, as /money.js, without any shop behind it."""
    context = browser.new_context(locale="en-KE")
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=""))
    page.route("**/*.js", lambda route: route.fulfill(path=_TILL / route.request.url.rpartition("/")[2]))
    page.goto("http://localhost/")
    yield page
    context.close()


@pytest.fixture
def mishaps() -> list[str]:
    """What the pages of a test did that no page may: run what the policy forbids, or fail in their own code."""
    return []


@pytest.fixture
def browser_page(browser: "Browser", mishaps: list[str]) -> "Iterator[Page]":
    """A fresh page at a phone's size. A mishap fails the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, locale="en-KE")
    context.add_init_script(_TELL_VIOLATIONS)
    context.on("console", lambda said: mishaps.append(said.text) if said.text.startswith(_VIOLATION) else None)
    context.on("weberror", lambda error: mishaps.append(str(error.error)))
    page = context.new_page()
    yield page
    context.close()
    assert mishaps == []
