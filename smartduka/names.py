"""What the people who work here are called."""

from django.contrib.auth.models import User


def called(person: User | None, nobody: str = "–") -> str:
    """The first name, else the user name; `nobody` where the books know of none."""
    return (person.get_short_name() or person.get_username()) if person else nobody
