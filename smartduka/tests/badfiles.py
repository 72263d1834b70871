"""Bad files given to `manage.py restore`, with a shop behind them that must stay as it is."""

import uuid
import zipfile
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from smartduka.backups import shelf
from smartduka.databases import scratch
from smartduka.tests.backupfiles import names_in
from smartduka.tests.builders import what_is_written
from smartduka.tests.duka import Duka, digests


def back_up(duka: Duka, *options: str) -> Path:
    """A good one of this shop."""
    folder = duka.folder / uuid.uuid4().hex
    call_command("backup", "--to", str(folder), *options, stdout=StringIO())
    (backup,) = shelf.backups(folder)
    return backup.path


def members(file: Path) -> dict[str, bytes]:
    """The content of each, but for the manifest."""
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist() if name != "manifest.json"}


def refused(duka: Duka, file: Path) -> str:
    """What is said of it; and nothing is different afterwards."""
    duka.backups.mkdir(exist_ok=True)
    before = digests(), what_is_written(), names_in(duka.backups)
    # By a prefix of its own, what it leaves behind is told from the scratch databases of others on the server.
    with patch.object(scratch, "PREFIX", f"smartduka_bad_{uuid.uuid4().hex[:8]}_"):
        with pytest.raises(CommandError) as refusal:
            call_command("restore", str(file), "--no-input", stdout=StringIO())
        assert duka.scratch_left() == []
    assert (digests(), what_is_written(), names_in(duka.backups)) == before
    sentence = str(refusal.value)
    assert refusal.value.returncode == 1
    assert "\n" not in sentence
    assert sentence.endswith("Nothing was touched.")
    return sentence
