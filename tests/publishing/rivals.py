"""What two rivals do in each command, and what must come of it.

Most commands let one win and tell the other. Where both may have their way, one after the other,
what stands afterwards is said: the last word holds, or nothing of either is lost.
"""

from __future__ import annotations

from tests.publishing.rivals_around import AROUND
from tests.publishing.rivals_outlines import OUTLINES
from tests.publishing.rivals_people import PEOPLE, SHEETS
from tests.publishing.rivals_results import RESULTS
from tests.publishing.rivals_standards import STANDARDS
from tests.publishing.rivals_succession import SUCCESSION
from tests.publishing.rivals_webhooks import WEBHOOKS

#: Public functions that are told by whom they act, and are no commands; why not.
NO_COMMANDS = {
    "changing.changing": "the stair itself",
    "changing.adding": "the stair itself",
    "drafts.standard_seen_by": "reads",
    "drafts.draft_seen_by": "reads",
    "drafts.hidden_from_strangers": "reads",
    "editions.begin": "a part of commands",
    "editions.id_of_actor": "reads",
    "generating.loading.generate": "fills an empty registry, once",
    "outlines.record_revision": "a part of commands",
    "outlines.remember": "a part of commands",
    "reports.report_seen_by": "reads",
    "seeding.load_seed": "one transaction by whoever has the machine; test_seeding loads it twice",
    "spreadsheet.forgetting.forget_files": "deletes what is old, in any order",
    "spreadsheet.previewing.batch_of": "reads",
    "staff.officers_within_reach": "reads",
    "staff.officer_within_reach": "reads",
    "staff.malls_within_reach": "reads",
    "tree.agency_within_reach": "reads",
    "tree.branch": "reads",
    "tree.path_to": "reads",
    "webhooks.standing.standing_of": "reads",
    "webhooks.standing.webhooks_within_reach": "reads",
    "unsaved.forget_old_unsaved": "deletes what is old, in any order",
}

RACES = {**STANDARDS, **AROUND, **PEOPLE, **SHEETS, **OUTLINES, **SUCCESSION, **WEBHOOKS, **RESULTS}
