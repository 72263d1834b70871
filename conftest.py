"""What every test stands on: settings of its own, chosen before Django reads any.

Neither the developer's `.env` nor the data folder is touched, whether the tests are started by
`python3 run.py test` or by `pytest` alone. SMARTDUKA_TEST_DATABASE_URL chooses another engine than SQLite.

The settings module is named here, not in pyproject.toml: there, pytest-django would load it before this file.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

pytest_plugins = [
    "smartduka.tests.browser",
    "smartduka.tests.cast",
    "smartduka.tests.duka",
    "smartduka.tests.engines.report",
    "smartduka.tests.native",
    "smartduka.tests.nasty",
    "smartduka.tests.moves",
    "smartduka.tests.pristine",
    "smartduka.tests.scratch_app",
]

if settings.configured:
    pytest.exit("The tests choose their own settings: unset DJANGO_SETTINGS_MODULE and leave out --ds.", 4)

_data_dir = tempfile.mkdtemp(prefix="smartduka-tests-")
Path(_data_dir, "static").mkdir()
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)

_programs = os.environ.get("DATABASE_PROGRAMS", "")

# A variable that is set but empty counts as unset, and keeps `.env` from setting it.
for _line in (Path(__file__).parent / ".env.example").read_text(encoding="utf-8").splitlines():
    if "=" in _line and not _line.startswith("#"):
        os.environ[_line.partition("=")[0]] = ""

os.environ.update(
    DJANGO_SETTINGS_MODULE="smartduka.settings",
    SMARTDUKA_DATA_DIR=_data_dir,
    SECRET_KEY="only-for-tests",
    DEBUG="on",
    HTTPS="off",
    DATABASE_URL=os.environ.get("SMARTDUKA_TEST_DATABASE_URL", ""),
    DATABASE_PROGRAMS=_programs,
)
django.setup()

# Real password hashing is slow on purpose, and no test is about its strength.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
