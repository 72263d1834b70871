"""How many there are, in words."""


def counted(number: int, one: str, several: str = "") -> str:
    """1 difference, 2 differences; `several` where that is more than an s."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
