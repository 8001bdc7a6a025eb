"""QR codes as part of a page: black on white, drawn as one path, without a style of its own."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=256)
def code_of(address: str) -> Markup:
    """The QR code of ``address`` as SVG; a quarter of it may be covered or dirty and it is still read."""
    drawn = segno.make(address, error="q", micro=False)
    return Markup(drawn.svg_inline(border=4, omitsize=True, light="#fff", svgclass="qr", lineclass=None))
