#!/usr/bin/env python3
"""Django's command line for SmartDuka."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartduka.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run `python3 run.py`, or activate the virtual environment first.")
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        sys.exit(f"SmartDuka cannot start: {problem}")
    except DatabaseError as error:
        from smartduka import presence

        sentence = presence.told(error)
        if not sentence or "--traceback" in sys.argv:
            raise
        sys.exit(sentence)
    except PermissionError as error:
        sys.exit(f"{error.filename} cannot be used ({error.strerror}). See who may read and write there.")
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
