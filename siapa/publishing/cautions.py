"""What whoever writes a standard should look at again, in its text and in what it refers to."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from siapa.document.functional import abolished_in
from siapa.document.standard_document import StandardDocument, to_json
from siapa.document.warnings import warnings
from siapa.errors import Problem
from siapa.locales import lazy as _l
from siapa.publishing.cited import repealed_bases
from siapa.publishing.outlines import abolished_for


def cautions(document: StandardDocument, service_id: uuid.UUID | None = None) -> tuple[Problem, ...]:
    """What in ``document``, of a standard for this service, should be looked at again, and where."""
    return (
        *warnings(document),
        *repealed_bases(document),
        *abolished_requirements(document, service_id),
    )


def abolished_requirements(document: StandardDocument, service_id: uuid.UUID | None) -> Iterator[Problem]:
    """Each requirement that the national service says may not be asked for any more."""
    for place in abolished_in(to_json(document), abolished_for(service_id)):
        said = _l("The national service has abolished this requirement. It may not be asked for any more.")
        yield Problem(f"requirements[{place}].text", said, document.requirements[place].text)
