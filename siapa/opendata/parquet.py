"""A table as Parquet, by DuckDB (the extra ``[parquet]``): columns with their types, for data frames.

DuckDB reads the rows as the CSV that everybody else gets, so that both say the same; it is held to
one thread and little memory, writes what does not fit beside the file, and loads nothing from anywhere.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from siapa.errors import Unavailable
from siapa.locales import lazy as _l
from siapa.opendata.formats import delimited
from siapa.opendata.table import Row, Table
from siapa.opendata.writing import write

#: Types of the columns; lists and objects stay the JSON that they are in CSV.
_TYPES = {
    "string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
    "datetime": "TIMESTAMPTZ", "time": "TIME", "array": "VARCHAR", "object": "VARCHAR",
}  # fmt: skip
_MEMORY = "256MB"
#: A whole document may stand in one line.
_LONGEST_LINE = 16_000_000


def is_at_hand() -> bool:
    """Whether the extra is installed."""
    return importlib.util.find_spec("duckdb") is not None


def require() -> None:
    """Raise ``Unavailable`` where the extra is not installed."""
    if not is_at_hand():
        raise Unavailable(
            _l("Parquet is not made here: this registry runs without the extra [parquet]. Take CSV.")
        )


def write_parquet(path: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write ``rows`` to ``path``, whole or not at all."""
    require()
    import duckdb

    with TemporaryDirectory(dir=path.parent, prefix=".parquet-") as folder:
        source, made = Path(folder) / "rows.csv", Path(folder) / "made"
        write(source, delimited(table, rows))
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY, "threads": 1, "temp_directory": folder,
            "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        }  # fmt: skip
        columns = {field.name: _TYPES[field.type] for field in table.fields}
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute(
                "COPY (SELECT * FROM read_csv($source, columns = $columns, header = true, delim = ',', "
                "quote = '\"', escape = '\"', nullstr = '', max_line_size = $longest, parallel = false, "
                "strict_mode = true)) TO $made (FORMAT parquet, COMPRESSION zstd)",
                {"source": str(source), "columns": columns, "longest": _LONGEST_LINE, "made": str(made)},
            )
        made.replace(path)
