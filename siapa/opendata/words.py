"""What is said of columns that stand in several tables."""

from __future__ import annotations

from siapa.locales import lazy as _l

ID = _l("Identifier; stays the same for ever.")
NAME = _l("Name in Indonesian.")
NAME_EN = _l("Name in English.")
SLUG = _l("The last part of the page's address.")
MODIFIED_AT = _l("When the row was last changed.")
SOURCE_ADDRESS = _l("Addresses of the sources, parted by semicolons; empty where it is general knowledge.")
SOURCE_AS_OF = _l("The day for which the source says it.")
SOURCE_NOTE = _l("What else is to be known of the source.")
CONFIDENCE = _l("How far a source supports it; empty where the agency itself said so.")
STANDARD = _l("The standard.")
POSITION = _l("Place in the list, from 1.")
TEXT = _l("The text in Indonesian.")
TEXT_EN = _l("The text in English.")
CASE = _l("The case in which it holds; empty where it holds in all.")
CASE_EN = _l("The same in English.")
AGENCY = _l("The agency.")
LOCATION = _l("The place.")
REGION = _l("The region, by its code.")
CODE = _l("Code.")
EDITION = _l("The number of the edition.")
