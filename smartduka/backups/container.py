"""The ZIP file around a backup: what may stand in one, and the seal at its end.

The seal is the SHA-256 of all bytes before it, in the 64 characters of the ZIP file's comment, which are its last. So
a file that was cut off, flipped or written by another program is known as such before any of it is believed. Against
one that somebody forged, seal and all, stand the rules for what is inside.
"""

import hashlib
import os
import re
import stat
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Mapping
from typing import BinaryIO

from smartduka.backups.flaws import Flaw
from smartduka.backups.manifest import Member

MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
OPEN_SEAL = b"0" * 64

_FIRST_BYTES = b"PK\x03\x04"
_SEAL = re.compile(rb"[0-9a-f]{64}")
_LARGEST_MANIFEST = 16 * CHUNK
_SWOLLEN = 200
"""Books come out of a ZIP file some ten times as large; a bomb, a thousand times."""
_UNSUSPICIOUS = 64 * CHUNK
_ENCRYPTED = 0x1
_HARMLESS_FLAGS = 0x808
"""A name in UTF-8, and a size that is told after the content."""


def seal(stream: BinaryIO) -> None:
    """Close a finished ZIP file, whose comment is an OPEN_SEAL."""
    digest = _digest_but_the_seal(stream)
    stream.seek(-len(OPEN_SEAL), os.SEEK_END)
    stream.write(digest)


def check_ends(stream: BinaryIO) -> int:
    """The file begins and ends as a backup does: its size. Quickly told, and mostly enough."""
    size = stream.seek(0, os.SEEK_END)
    if not size:
        raise Flaw("it is empty")
    stream.seek(0)
    if stream.read(len(_FIRST_BYTES)) != _FIRST_BYTES:
        raise Flaw("it is no backup of SmartDuka")
    if not _SEAL.fullmatch(_written_seal(stream)):
        is_foreign = zipfile.is_zipfile(stream)
        raise Flaw("it is a ZIP file, but not as SmartDuka wrote it" if is_foreign else "its end is missing")
    return size


def check_seal(stream: BinaryIO) -> None:
    """Every byte is as it was written."""
    if _written_seal(stream) != _digest_but_the_seal(stream):
        raise Flaw("it is damaged, or was changed since it was made")


def _written_seal(stream: BinaryIO) -> bytes:
    stream.seek(max(0, stream.seek(0, os.SEEK_END) - len(OPEN_SEAL)))
    return stream.read()


def _digest_but_the_seal(stream: BinaryIO) -> bytes:
    left = stream.seek(0, os.SEEK_END) - len(OPEN_SEAL)
    stream.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (part := stream.read(min(CHUNK, left))):
        digest.update(part)
        left -= len(part)
    return digest.hexdigest().encode()


def is_plain(name: str) -> bool:
    """Whether a member's name stays inside whatever folder it is put in, on every system."""
    if "\\" in name or ":" in name or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        return False
    return all(part.strip(". ") for part in name.split("/"))


def manifest_text(container: zipfile.ZipFile) -> bytes:
    """What stands in the manifest."""
    found = [info for info in container.infolist() if info.orig_filename == MANIFEST]
    if not found:
        raise Flaw("it is no backup of SmartDuka: it has no manifest")
    _check_member(found[0])
    if found[0].file_size > _LARGEST_MANIFEST:
        raise Flaw("its manifest is too large to be one")
    with container.open(found[0]) as source:
        return source.read(_LARGEST_MANIFEST)


def check_members(container: zipfile.ZipFile, members: Mapping[str, Member], size: int) -> None:
    """What a ZIP file of so many bytes holds is what its manifest tells, and nothing that could do harm."""
    infos = container.infolist()
    for info in infos:
        _check_member(info)
    names = Counter(info.orig_filename for info in infos)
    if twice := [name for name, times in names.items() if times > 1]:
        raise Flaw(f"{min(twice)} stands in it twice")
    if unknown := names.keys() - {*members, MANIFEST}:
        raise Flaw(f"its manifest does not know {min(unknown)}, which stands in it")
    if missing := members.keys() - names.keys():
        raise Flaw(f"{min(missing)}, which its manifest tells of, does not stand in it")
    for info in infos:
        if info.orig_filename in members and info.file_size != members[info.orig_filename].size:
            raise Flaw(f"{info.orig_filename} in it is of another size than its manifest tells")
    packed, unpacked = sum(info.compress_size for info in infos), sum(info.file_size for info in infos)
    if packed > size or unpacked > _UNSUSPICIOUS + _SWOLLEN * size:
        raise Flaw("it tells of more than it can hold")


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    if not is_plain(name) or info.filename != name:
        raise Flaw(f"it holds a file with the name {name!r}, which leads elsewhere")
    if info.flag_bits & _ENCRYPTED:
        raise Flaw(f"{name} in it is encrypted")
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Flaw(f"{name} in it is no plain file")
    if info.flag_bits & ~_HARMLESS_FLAGS or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Flaw(f"{name} in it is packed in a way that SmartDuka does not use")
