"""The application object that a WSGI server calls."""

import os
import sys

from django.core.management import CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartduka.settings")

application = get_wsgi_application()

from smartduka import presence  # noqa: E402 – only now may it ask for settings

try:
    presence.make_sure()
except CommandError as refusal:
    sys.exit(f"SmartDuka does not serve: {refusal}")
finally:
    connection.close()
