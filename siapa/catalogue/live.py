"""The one definition of "public".

Pages, the API, search documents and exports all start from these conditions; none
of them writes its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from siapa.records import Edition, Location, Service, ServiceStatus, State

#: An edition in force. Written out in the statement, so that the indexes of what is in force serve it.
LIVE: sa.ColumnElement[bool] = Edition.state == sa.literal_column(f"'{State.PUBLISHED}'")
#: An edition that is, or once was, in force: the public history.
WAS_PUBLIC: sa.ColumnElement[bool] = Edition.state.in_((State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN))
#: A national service in use.
ACTIVE: sa.ColumnElement[bool] = Service.status == ServiceStatus.ACTIVE
#: A place that has not been closed for good.
OPEN_PLACE: sa.ColumnElement[bool] = Location.closed_on.is_(None)


def in_region(column: InstrumentedAttribute[str | None], code: str) -> sa.ColumnElement[bool]:
    """Whether ``column`` holds the region ``code`` or one below it."""
    if "." in code:
        return column == code  # a regency or city: nothing lies below it
    return column.between(code, f"{code}.99")  # one stretch of an index, in every order of signs
