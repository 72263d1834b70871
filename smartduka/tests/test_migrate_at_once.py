"""Two people start the shop's new version at the same time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from smartduka.databases.scratch import fresh_database

pytestmark = pytest.mark.django_db(transaction=True)

OURS = "from django.core.management import execute_from_command_line as run; run(['manage.py', 'migrate'])"
DJANGOS = """
import django
django.setup()
from django.core.management import call_command
from django.core.management.commands import migrate
call_command(migrate.Command())
"""


def twice(program: str, url: str, folder: Path) -> list[int]:
    """The exit codes of two processes that migrate the same empty database at once."""
    environment = {**os.environ, "DATABASE_URL": url, "SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", program]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    both = [subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, **quiet) for _ in range(2)]
    return [each.wait(300) for each in both]


def test_both_end_well(tmp_path):
    with fresh_database(tmp_path) as url:
        assert twice(OURS, url, tmp_path) == [0, 0]


def test_without_the_lock_one_of_them_fails(tmp_path):
    """The control. They may miss each other by chance, so it has some attempts."""
    codes = set()
    for _ in range(3):
        with fresh_database(tmp_path) as url:
            codes |= set(twice(DJANGOS, url, tmp_path))
        if codes != {0}:
            break
    assert codes != {0}
