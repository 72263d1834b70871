"""`run.py` from nothing to a shop that serves, and closes again."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

import run

ROOT = Path(settings.BASE_DIR)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither these modes nor these signals")


def test_the_shop_opens_answers_and_closes_with_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    start = (
        "import pathlib, run, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job would ignore it\n"
        "run.PYTHON, run.ENV_FILE = sys.executable, pathlib.Path(sys.argv[1]) / '.env'\n"
        "run.prepare = lambda locks: None\n"
        "sys.exit(run.main(['--empty', '--workers', '1', '--port', sys.argv[2]]))\n"
    )
    shop = subprocess.Popen(
        [sys.executable, "-c", start, str(tmp_path), str(port)],
        cwd=ROOT,
        env=os.environ | {"SMARTDUKA_DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DEBUG": "off"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        opening = _lines_until(shop, "Ctrl-C closes the shop.")
        code = re.search(r"http://127\.0\.0\.1:\d+/welcome/ with this code: (\S+)", opening)
        assert code
        assert code.group(1) == (tmp_path / "first-owner-code").read_text(encoding="utf-8")
        page = _page(port, "/welcome/")
        style_sheet = re.search(r'<link rel="stylesheet" href="(\S+\.[0-9a-f]{12}\.css)"', page)
        assert style_sheet, page
        assert _page(port, style_sheet.group(1))
    finally:
        shop.send_signal(signal.SIGINT)
        try:
            last_words, _ = shop.communicate(timeout=30)
        finally:
            shop.terminate()

    assert last_words == "\nThe shop is closed.\n"
    assert shop.returncode == 0
    run.refuse_taken_port("127.0.0.1", port)


def _page(port: int, path: str) -> str:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, path
        return answer.read().decode()


def _lines_until(shop: subprocess.Popen[str], last: str) -> str:
    assert shop.stdout is not None
    seen = []
    for line in shop.stdout:
        seen.append(line)
        if last in line:
            return "".join(seen)
    pytest.fail(f"The shop did not open:\n{''.join(seen)}")
