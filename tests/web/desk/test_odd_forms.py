"""Every form and page of the desk with values that no page would send: refused, never a fault of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

import siapa.web.desk
from siapa import search
from siapa.extensions import db
from siapa.publishing import commands
from siapa.records.engine import begin_writing
from tests.publishing.cast import document, people_and_places, published, submitted
from tests.web.desk.conftest import NATIONAL
from tests.web.desk.test_doors import address, rules
from tests.web.desk.visiting import form_token, signed_in

ODD = ("", "\x00", "²", "9" * 5_000, "-1", "remove:requirements:²", "2026-02-31")
#: How the desk's modules name what they read.
_READ = re.compile(r'(?:form|args|given|files)(?:\.get|\.getlist)?[\[(]\s*"(\w+)"')


def fields() -> set[str]:
    """The names of everything that any page of the desk reads."""
    modules = Path(siapa.web.desk.__file__).parent.glob("*.py")
    return {name for module in modules for name in _READ.findall(module.read_text())} - {"csrf_token"}


@pytest.fixture
def standards(either_app: Flask) -> list[str]:
    """On each database: the ids of a standard in force, of one with a draft beside, and of one to review."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    made = [published(cast), published(cast, title="Akta kelahiran"), submitted(cast, title="Akta kematian")]
    commands.open_draft(made[1].id, document("Akta kelahiran baru"), by=cast.author)
    search.rebuild()
    return [str(standard.id) for standard in made]


def test_nothing_that_is_sent_is_a_fault_of_ours(either_app: Flask, standards: list[str]) -> None:
    names, reached, faults = fields(), 0, []

    for rule in (one for one in rules(either_app) if one.endpoint.startswith("desk.")):
        admin = signed_in(either_app, NATIONAL)  # anew: some forms end the session
        db.session.remove()  # which had looked before the admin signed in
        token = form_token(admin)
        for standard_id in standards if "standard_id" in rule.arguments else standards[:1]:
            path = re.sub("01890000-0000-7000-8000-000000000000", standard_id, address(rule))
            for value in ODD:
                given = dict.fromkeys(names, value)
                for method in sorted({"GET", "POST"} & (rule.methods or set())):
                    sent = {"data": {**given, "csrf_token": token}} if method == "POST" else {}
                    asked = given if method == "GET" else {}
                    answer = admin.open(path, method=method, query_string=asked, **sent)
                    reached += "/masuk" not in (answer.location or "")
                    if answer.status_code >= 500:
                        faults.append((method, path, value[:30], answer.status_code))

    assert not faults
    assert len(names) > 20 and reached > 600
