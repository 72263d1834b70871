"""Whoever makes a backup lets the tills have the processor, and ends when the shop is closed."""

import os
import subprocess
import sys
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from smartduka.open_shops import shop_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes stand back by `nice`")

ASK = """
import os, signal, sys
from unittest.mock import patch
from django.core.management import ManagementUtility
import django
django.setup()
signal.signal(signal.SIGINT, signal.SIG_IGN)
def tell(*args, **options):
    print(os.nice(0), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
with patch("django.core.management.base.BaseCommand.execute", tell):
    ManagementUtility(["manage.py", sys.argv[1]]).execute()
"""

BREAK_OFF = """
import signal, django.core.management as management, manage
signal.signal(signal.SIGINT, signal.default_int_handler)
management.execute_from_command_line = lambda words: signal.raise_signal(signal.SIGINT)
manage.main()
"""


@pytest.mark.parametrize("command", ["backup", "daily"])
def test_a_command_that_is_started_beside_the_shop_stands_back_and_can_be_broken_off(tmp_path, command):
    environment = shop_environment("", tmp_path)
    said = subprocess.check_output(
        [sys.executable, "-c", ASK, command], cwd=settings.BASE_DIR, env=environment, text=True
    )
    assert said.split() == [str(min(os.nice(0) + 10, 19)), "True"]


def test_ctrl_c_ends_a_command_with_a_word_and_no_traceback():
    done = subprocess.run(
        [sys.executable, "-c", BREAK_OFF], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "\nStopped.\n")


def test_a_program_that_calls_one_stays_as_it_is():
    before = os.nice(0)
    with patch.object(BaseCommand, "execute"):
        call_command("backup")
    assert os.nice(0) == before
