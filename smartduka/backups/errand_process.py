"""The process of one errand: `python -m smartduka.backups.errand_process amina "" backup`.

It answers whether the errand is its own before it prepares all of Django, for a person waits for that.
"""

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime

from smartduka.backups import errands
from smartduka.backups.errands import BEGUN, BUSY, Errand

MISTAKE = "Something went wrong in the program. The window in which the shop was started says more."


def main(by: str, subject: str, command: str, *arguments: str) -> None:
    """Answer, then do what is asked for, and write down what came of it."""
    with errands.held() as is_ours:
        if not is_ours:
            _answer(BUSY)
            return
        with errands.lines_file().open("wb") as lines:
            errand = Errand(command, subject, by, began_at=datetime.now(UTC))
            errands.write(errand)
            _answer(BEGUN)
            os.dup2(lines.fileno(), sys.stdout.fileno())
        _do(errand, *arguments)


def _answer(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _do(errand: Errand, *arguments: str) -> None:
    import django
    from django.core.management import CommandError, call_command

    from smartduka.management.patience import let_the_tills_come_first

    let_the_tills_come_first()
    trouble = MISTAKE
    try:
        django.setup()
        call_command(errand.command, *arguments)
        trouble = ""
    except CommandError as error:
        trouble = str(error)
    finally:
        errands.write(replace(errand, ended_at=datetime.now(UTC), trouble=trouble))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartduka.settings")
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
    main(*sys.argv[1:])
