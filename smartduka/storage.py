"""Where the static files live once they are collected."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Compressed, and named after their content, so that a browser may keep them for ever.

    The till's modules import each other; those names are hashed too.
    """

    support_js_module_import_aggregation = True
