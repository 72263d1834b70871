"""One file out of a page's JavaScript modules, for browsers at the end of a thin line.

The till is some forty modules of one subject each. Sent one by one they weigh nearly twice as much as together: each
is compressed without knowing the others, and carries its comments. So when the static files are collected, a module
that imports others becomes one file with all of them, in which each stands in a function of its own.

It understands the few forms of import and export that this house uses, and refuses every other one.
"""

import re
from collections.abc import Callable

_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{ ([\w, ]+) \}) from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^\s*(?:import|export)\b.*|\bimport(?:\.meta|\().*", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*(?:[^*]|\*(?!/))*\*/)[ \t]*\n", re.MULTILINE)


def imported(text: str) -> list[str]:
    """The files that a module imports, in its order."""
    return [file for _, _, file in _IMPORT.findall(text)]


def without_comments(text: str) -> str:
    """JavaScript or CSS without the comments that have lines of their own."""
    return _COMMENT.sub("", text)


def joined(entry: str, read: Callable[[str], str]) -> str:
    """The module and all that it needs, each once, each after what it imports itself."""
    parts: dict[str, str] = {}
    _gather(entry, read, parts, ())
    return "\n".join(parts.values())


def _gather(name: str, read: Callable[[str], str], parts: dict[str, str], waiting: tuple[str, ...]) -> None:
    if name in waiting:
        raise ValueError(f"{' imports '.join([*waiting, name])}: modules that import each other cannot be joined.")
    if name in parts:
        return
    text = read(name)
    for needed in imported(text):
        _gather(needed, read, parts, (*waiting, name))
    parts[name] = _as_function(name, text)


def _as_function(name: str, text: str) -> str:
    """The module as a function that is called at once and answers what the module exports."""
    exports = ", ".join(word for _, word in _EXPORT.findall(text))
    body = without_comments(_EXPORT.sub(r"\1 \2", _IMPORT.sub(_as_constants, text)))
    odd = _LEFT_OVER.search(body)
    if odd:
        raise ValueError(f"{name}: modules are not joined with such a line: {odd[0].strip()}")
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {exports} }};\n}})();\n"


def _as_constants(found: re.Match[str]) -> str:
    whole, names, file = found.groups()
    return f"const {whole or '{ ' + names.replace(' as ', ': ') + ' }'} = {_variable(file)};"


def _variable(file: str) -> str:
    return "$" + file.removesuffix(".js").replace("-", "_")
