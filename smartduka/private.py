"""Files for their owner's eyes only."""

import os
from functools import partial
from pathlib import Path
from typing import BinaryIO


def new(path: Path) -> BinaryIO:
    """A new file that nobody else may read, from its first byte; FileExistsError when there is one."""
    return open(path, "x+b", opener=partial(os.open, mode=0o600))
