"""The citizens' pages: Indonesian at the root, English under ``/en``.

Registering ``site`` binds the pages in both languages (endpoints ``site.*`` and
``site_en.*``) and the files that browsers and search engines ask for by name. The
language is read from the address, so a page never depends on a cookie.
"""

from siapa.web.site import (
    agencies,
    comparing,
    conformance,
    data,
    explore,
    explored_files,
    front,
    malls,
    plan,
    regions,
    searching,
    services,
    sheet,
    standards,
    statistics,
    telling,
    texts,
)
from siapa.web.site.blueprint import site

__all__ = [
    "agencies",
    "comparing",
    "conformance",
    "data",
    "explore",
    "explored_files",
    "front",
    "malls",
    "plan",
    "regions",
    "searching",
    "services",
    "sheet",
    "site",
    "standards",
    "statistics",
    "telling",
    "texts",
]
