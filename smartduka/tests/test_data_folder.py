"""The books, the logins and the secrets of a shop are for its owner's eyes only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartduka.open_shops import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="On Windows the rights of a folder are those of its parent.")

WHAT_OTHERS_MAY = 0o077


@pytest.mark.parametrize("folder", ["data", "on/another/disk"])
def test_the_data_folder_is_made_for_its_owners_eyes_only(tmp_path, folder):
    start_in(tmp_path / folder)
    assert not (tmp_path / folder).stat().st_mode & WHAT_OTHERS_MAY


def test_a_data_folder_that_somebody_shares_on_purpose_stays_shared(tmp_path):
    """As with a group of people who look after the shop, or a web server that reads the static files."""
    shared = tmp_path / "data"
    shared.mkdir()
    shared.chmod(0o750)
    start_in(shared)
    assert shared.stat().st_mode & 0o777 == 0o750


def start_in(folder: Path) -> None:
    """Any of the shop's programs, in a terminal that shares what is made there."""
    environment = os.environ | {"SMARTDUKA_DATA_DIR": str(folder)}
    command = [sys.executable, "manage.py", "version"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, umask=0o022)
