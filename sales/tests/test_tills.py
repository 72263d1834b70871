"""The tills of the benchmark and of the tests are as patient with their line as a browser."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sales.benchmark import tills
from sales.benchmark.tills import Till

pytestmark = pytest.mark.once


class HangsUp(BaseHTTPRequestHandler):
    """Answers, and closes the line without a word."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def till() -> Iterator[Till]:
    with ThreadingHTTPServer(("127.0.0.1", 0), HangsUp) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Till(server.server_port, {"csrftoken": "token"})
        server.shutdown()


def test_a_line_that_was_silent_for_long_is_not_trusted(till, monkeypatch):
    monkeypatch.setattr(tills, "SECONDS_OF_SILENCE", 0)
    assert [till.sell({}).status for _ in range(2)] == [200, 200]


def test_a_line_that_was_used_just_now_is(till):
    """The control: what is sent into a line that was closed meanwhile is lost."""
    assert till.sell({}).status == 200
    with pytest.raises(ConnectionError):
        till.sell({})
