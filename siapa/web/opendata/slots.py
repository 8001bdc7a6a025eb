"""How many downloads one process makes at a time: who comes then is told when to try again."""

from __future__ import annotations

import threading

from siapa.errors import Unavailable
from siapa.locales import lazy as _l

#: Streams in one process: each holds one of its threads for as long as its reader takes.
STREAMS = threading.BoundedSemaphore(4)
#: Workbooks are made whole before the first byte goes out.
WORKBOOKS = threading.BoundedSemaphore(1)
TRY_AGAIN_SECONDS = 10


class Slot:
    """A place among ``slots``, held until it is let go; ``Unavailable`` where all are taken."""

    def __init__(self, slots: threading.BoundedSemaphore) -> None:
        if not slots.acquire(blocking=False):
            busy = _l("Many downloads are running. Please try again in a moment.")
            raise Unavailable(busy, retry_after_seconds=TRY_AGAIN_SECONDS)
        self._slots: threading.BoundedSemaphore | None = slots

    def let_go(self) -> None:
        """Give the place back, once."""
        held, self._slots = self._slots, None
        if held is not None:
            held.release()
