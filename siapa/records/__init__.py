"""What is written down: every table of the registry, and nothing else.

Models hold columns, relationships and facts about a single row. They do not
commit, do not check who is asking, and import no other room.
"""

from siapa.records.agency import Agency
from siapa.records.answer import KeptAnswer
from siapa.records.change import Change, ChangeKind, Counting
from siapa.records.columns import Confidence, id_as_text, new_id, now, seed_id
from siapa.records.edition import OPEN_STATES, PUBLIC_STATES, Edition, State
from siapa.records.feedback import Confirmation, Feedback, FeedbackState
from siapa.records.figure import Figure, FigureScope, FigureState, Movement, MovementKind
from siapa.records.identity import ProviderIdentity
from siapa.records.importing import ImportBatch, ImportEntry, ImportOutcome, ImportState
from siapa.records.location import (
    Closure,
    CoordinateQuality,
    Counter,
    CounterStatus,
    Hours,
    Location,
    LocationKind,
)
from siapa.records.offering import Offering
from siapa.records.officer import Membership, Officer, Role, Token
from siapa.records.passkey import Ceremony, Passkey, PasskeyChallenge
from siapa.records.published import PublishedRecord
from siapa.records.region import HOME_ZONE, Region, RegionLevel
from siapa.records.regulation import Decree, Regulation, RegulationState, ReviewMark, ServiceCharter
from siapa.records.reminding import Reminding
from siapa.records.satisfaction import (
    ELEMENTS,
    SatisfactionResult,
    ServicePerformance,
    SurveyWay,
)
from siapa.records.service import (
    Category,
    LifeEvent,
    OutlineRevision,
    Service,
    ServiceAlias,
    ServiceStatus,
    Synonym,
    service_life_event,
)
from siapa.records.signing_in import Authenticator, DeskSession, LinkPurpose, OneTimeLink, RecoveryCode
from siapa.records.standard import FormerSlug, OutlineReaction, Standard
from siapa.records.succession import (
    Succession,
    SuccessionKind,
    SuccessionMove,
    SuccessionPart,
    SuccessionState,
)
from siapa.records.trail import AuditEvent
from siapa.records.unanswered import LONGEST_UNANSWERED, DismissedQuery, UnansweredQuery
from siapa.records.unsaved import UnsavedStep
from siapa.records.webhook import Webhook, WebhookDelivery, WebhookStanding

__all__ = [
    "ELEMENTS", "HOME_ZONE", "LONGEST_UNANSWERED", "OPEN_STATES", "PUBLIC_STATES", "Agency", "AuditEvent",
    "Authenticator", "Category", "Ceremony", "Change", "ChangeKind", "Closure", "Confidence",
    "Confirmation", "CoordinateQuality", "Counter", "CounterStatus", "Counting", "Decree",
    "DeskSession", "DismissedQuery", "Edition", "Feedback", "FeedbackState", "Figure", "FigureScope",
    "FigureState", "FormerSlug", "Hours", "ImportBatch", "ImportEntry", "ImportOutcome", "ImportState",
    "KeptAnswer", "LifeEvent", "LinkPurpose", "Location", "LocationKind", "Membership", "Movement",
    "MovementKind", "Offering", "Officer", "OneTimeLink", "OutlineReaction", "OutlineRevision", "Passkey",
    "PasskeyChallenge", "ProviderIdentity", "PublishedRecord", "RecoveryCode", "Region", "RegionLevel",
    "Regulation", "RegulationState", "Reminding", "ReviewMark", "Role", "SatisfactionResult", "Service",
    "ServiceAlias", "ServiceCharter", "ServicePerformance", "ServiceStatus", "Standard", "State",
    "Succession", "SuccessionKind", "SuccessionMove", "SuccessionPart", "SuccessionState", "SurveyWay",
    "Synonym", "Token", "UnansweredQuery", "UnsavedStep", "Webhook", "WebhookDelivery", "WebhookStanding",
    "id_as_text", "new_id", "now", "seed_id", "service_life_event",
]  # fmt: skip
