"""What whoever writes a standard should look at again, in its text and in what it refers to."""

from __future__ import annotations

from siapa.document.standard_document import StandardDocument
from siapa.document.warnings import warnings
from siapa.errors import Problem
from siapa.publishing.cited import repealed_bases


def cautions(document: StandardDocument) -> tuple[Problem, ...]:
    """What in ``document`` should be looked at again, each with its place."""
    return (*warnings(document), *repealed_bases(document))
