"""Where the static files live once they are collected."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

from smartduka import modules


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Compressed, and named after their content, so that a browser may keep them for ever.

    Modules that a page begins with come joined with all that they import, and style sheets without comments.
    """

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        own = {} if dry_run else dict.fromkeys(self._lighten(paths))
        yield from super().post_process(paths | {name: (self, name) for name in own}, dry_run, **options)

    def _lighten(self, paths: dict[str, Any]) -> Iterator[str]:
        """Write what becomes lighter, and tell its name.

        It is read where it comes from: what was collected an earlier time is light already.
        """

        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as source:
                return str(source.read().decode())

        for name in [name for name in paths if not name.startswith("admin/")]:
            place = PurePosixPath(name)
            if place.suffix == ".js" and modules.imported(read(name)):
                text = modules.joined(place.name, lambda file, folder=place.parent: read(str(folder / file)))
            elif place.suffix == ".css":
                text = modules.without_comments(read(name))
            else:
                continue
            Path(self.path(name)).write_text(text, encoding="utf-8")
            yield name
