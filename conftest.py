"""What every test stands on: settings of its own, chosen before Django reads any.

Neither the developer's `.env` nor the data folder is touched, whether the tests are started by
`python3 run.py test` or by `pytest` alone. Another engine than SQLite is chosen by SMARTDUKA_TEST_DATABASE_URL.

The settings module is named here, not in pyproject.toml: there, pytest-django would load it before this file.
"""

import atexit
import os
import shutil
import tempfile

import django
import pytest
from django.conf import settings

pytest_plugins = ["smartduka.tests.browser", "smartduka.tests.engines.report"]

if settings.configured:
    pytest.exit("The tests choose their own settings. Unset DJANGO_SETTINGS_MODULE and leave out --ds.", 4)

_data_dir = tempfile.mkdtemp(prefix="smartduka-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)

for _name in [name for name in os.environ if name.startswith("SMARTDUKA_") and "TEST" not in name]:
    del os.environ[_name]

# Variables that are set but empty count as unset, and keep `.env` from setting them.
os.environ.update(
    DJANGO_SETTINGS_MODULE="smartduka.settings",
    SMARTDUKA_DATA_DIR=_data_dir,
    SECRET_KEY="only-for-tests",
    DEBUG="on",
    HTTPS="off",
    ALLOWED_HOSTS="",
    PUBLIC_URL="",
    TIME_ZONE="",
    DATABASE_URL=os.environ.get("SMARTDUKA_TEST_DATABASE_URL", ""),
)
django.setup()

# Real password hashing is slow on purpose; no test is about its strength.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
