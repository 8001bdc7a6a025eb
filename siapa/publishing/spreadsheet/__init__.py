"""Spreadsheets: an agency's standards out into a workbook, and back in; or in from another registry.

``template`` writes the workbook; ``preview`` reads a file into an import batch, which
says of every standard whether it is new, changed, the same or wrong, and changes nothing;
``take_in`` makes it happen, all in one transaction; ``undo`` takes that back.
"""

from siapa.publishing.spreadsheet.annotated import annotated, problem_words
from siapa.publishing.spreadsheet.committing import take_in
from siapa.publishing.spreadsheet.faults import Kept
from siapa.publishing.spreadsheet.flat import TARGETS
from siapa.publishing.spreadsheet.forgetting import FILES_KEPT, forget_files, is_file_kept
from siapa.publishing.spreadsheet.opening import LARGEST_FILE
from siapa.publishing.spreadsheet.previewing import (
    Progress,
    batch,
    batch_of,
    begin,
    entries_of,
    is_exchanged,
    preview,
    read_batch,
)
from siapa.publishing.spreadsheet.template import template
from siapa.publishing.spreadsheet.undoing import undo

__all__ = [
    "FILES_KEPT", "LARGEST_FILE", "TARGETS", "Kept", "Progress", "annotated", "batch", "batch_of", "begin",
    "entries_of", "forget_files", "is_exchanged", "is_file_kept", "preview", "problem_words", "read_batch",
    "take_in", "template", "undo",
]  # fmt: skip
