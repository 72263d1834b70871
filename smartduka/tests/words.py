"""What people write, and what hides in it."""

WRITTEN = {
    "emoji": "👩🏾‍🌾 Mboga 🥬 🇰🇪",
    "right-to-left": "سكر مكرر",
    "both ways": "Duka la עברית 400 g",
    "combining marks": "Cafe\u0301 Z\u0338\u0327\u0321a\u0337lgo",
    "wide": "漢" * 60,
    "long": "W" * 60,
    "tags": "<script>alert(1)</script>",
    "an image": '"><img src=x onerror=alert(1)>',
    "a template": "{{7*7}} {% now 'Y' %} {#x#}",
    "an entity": "&lt;b&gt; &amp;amp; 'x' \"y\"",
    "formats": "100% _safi_ \\ %s %(x)s {0} $1",
    "a formula": "=1+1",
}
"""Odd, and all right."""

HIDING = {
    "NUL": "Su\0gar",
    "escape": "Su\x1bgar",
    "backspace": "Su\bgar",
    "delete": "Su\x7fgar",
    "C1": "Su\x9bgar",
    "right-to-left override": "Su\u202egar",
    "left-to-right mark": "Su\u200egar",
    "right-to-left mark": "\u200fSugar",
    "Arabic letter mark": "Su\u061cgar",
    "isolate": "Su\u2067gar\u2069",
    "half a character": "Su\ud83dgar",
    "only what cannot be seen": "\u200b\u2060",
}
"""Nobody sees it, so it is refused."""
