"""Whether our records hold by the rules of others, checked on this registry as it stands.

The rules are not ours to hand on: they lie in a conformance kit beside the registry, and what checks
them is an extra. Where either is missing nothing is claimed.
"""

from siapa.opendata.conformance.results import FILE, Result, Run, read_run, write_run
from siapa.opendata.conformance.running import run

__all__ = ["FILE", "Result", "Run", "read_run", "run", "write_run"]
