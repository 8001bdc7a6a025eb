"""The whole registry, to take away: every public fact as tables, in forms that others read.

A room beside ``search``: it reads through ``catalogue`` (whose ``live`` says what is public),
``document`` and ``records``, writes files only, and never uses a command of ``publishing``.
"""

from siapa.opendata.table import Field, ForeignKey, Table
from siapa.opendata.tables import TABLES, table_named

__all__ = ["TABLES", "Field", "ForeignKey", "Table", "table_named"]
