"""The engine: a Whoosh index written in one go and executed on arrays.

Only this package imports Whoosh. Documents come with their texts (``documents``); a part is
written once and never changes (``writing``, ``part``); parts are searched together
(``shelf``), by scores equal to Whoosh's own (``scoring``) or by our measure (``ranking``).
"""

from siapa.search.engine.apart import PartWriter
from siapa.search.engine.part import Part
from siapa.search.engine.schema import STANDARD_FIELDS, schema_mark
from siapa.search.engine.shelf import Layer, Shelf

__all__ = ["STANDARD_FIELDS", "Layer", "Part", "PartWriter", "Shelf", "schema_mark"]
