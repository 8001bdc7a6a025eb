"""Random officers in random trees try random acts, by command and by API: none acts where they may not."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siapa.errors import NotAllowed, NotFound
from siapa.extensions import db
from siapa.publishing import agencies, commands, offerings, people, places, services
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import (
    Agency,
    AuditEvent,
    Counting,
    Location,
    LocationKind,
    Membership,
    Officer,
    Role,
    Standard,
    new_id,
)
from siapa.records.engine import begin_writing
from tests.access import oracle
from tests.conftest import make_app
from tests.publishing.cast import content, document, officer

MOST_AGENCIES = 6
REFUSALS = (403, 404)


@dataclass
class Tree:
    """The agencies of one example, each with a mall; officers with their tokens; who acts for the test."""

    parents: list[int | None]
    agencies: list[uuid.UUID] = field(default_factory=list)
    malls: list[uuid.UUID] = field(default_factory=list)
    officers: list[uuid.UUID] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    held: list[list[oracle.Held]] = field(default_factory=list)
    root: uuid.UUID = field(default_factory=new_id)

    def by_root(self) -> Officer:
        """Who may everything: makes what the officers try their acts on."""
        return db.session.get_one(Officer, self.root)

    def draft(self, agency: int, *, is_submitted: bool = False) -> uuid.UUID:
        """A new draft of an agency."""
        standard = commands.open_standard(self.agencies[agency], document(), by=self.by_root())
        if is_submitted:
            commands.submit(standard.id, by=self.by_root())
        return standard.id

    def live(self, agency: int) -> uuid.UUID:
        """A new standard in force, which another had submitted."""
        standard_id = self.draft(agency, is_submitted=True)
        standard = db.session.get_one(Standard, standard_id)
        begin_writing(db)
        edition = db.session.get_one(Standard, standard.id).open_edition
        assert edition is not None
        edition.submitted_by_id = None
        db.session.commit()
        commands.publish(standard_id, by=self.by_root())
        return standard_id


@dataclass(frozen=True)
class Act:
    """One thing that can be tried: what it is tried on, as a command, and as a request where there is one."""

    thing: Callable[[Tree, int], Any]
    command: Callable[[Any, Officer], object]
    request: Callable[[Any], tuple[str, str, Any]] | None = None


def _submitted(tree: Tree, agency: int) -> uuid.UUID:
    return tree.draft(agency, is_submitted=True)


def _revise(standard_id: uuid.UUID, by: Officer) -> object:
    edition = db.session.get_one(Standard, standard_id).open_edition
    assert edition is not None
    return commands.revise(standard_id, document("Judul lain"), version=edition.version, by=by)


def _on_standard(act: str, body: Any, method: str = "POST") -> Callable[[Any], tuple[str, str, Any]]:
    return lambda standard_id: (method, f"/standards/{standard_id}/{act}", body)


def _slug(kind: type[Agency] | type[Location], key: uuid.UUID) -> str:
    return db.session.get_one(kind, key).slug


REMARKS = {"remarks": [{"component": "fees", "text": "Lengkapi."}]}
ACTS: dict[str, Act] = {
    "begin": Act(
        lambda tree, agency: tree.agencies[agency],
        lambda agency_id, by: commands.open_standard(agency_id, document(), by=by),
        lambda key: ("POST", f"/agencies/{_slug(Agency, key)}/standards", {"document": content()}),
    ),
    "revise": Act(Tree.draft, _revise, _on_standard("draft", {"document": content("Judul lain")}, "PUT")),
    "submit": Act(Tree.draft, lambda key, by: commands.submit(key, by=by), _on_standard("submit", {})),
    "discard": Act(Tree.draft, lambda key, by: commands.discard(key, by=by)),
    "offer": Act(
        Tree.draft, lambda key, by: offerings.set_offerings(key, [], by=by),
        _on_standard("offerings", {"offerings": []}, "PUT"),
    ),
    "return": Act(
        _submitted, lambda key, by: commands.return_(key, {"": "Lengkapi."}, by=by),
        _on_standard("return", REMARKS),
    ),
    "publish": Act(_submitted, lambda key, by: commands.publish(key, by=by), _on_standard("publish", {})),
    "withdraw": Act(
        Tree.live, lambda key, by: commands.withdraw(key, by=by, reason="Dihapus"),
        _on_standard("withdraw", {"reason": "Dihapus"}),
    ),
    "link": Act(Tree.live, lambda key, by: commands.link(key, None, by=by)),
    "profile": Act(
        lambda tree, agency: tree.agencies[agency],
        lambda agency_id, by: agencies.set_agency(agency_id, {"phone": uuid.uuid4().hex[:10]}, by=by),
    ),
    "tree": Act(
        lambda tree, agency: tree.agencies[agency],
        lambda agency_id, by: agencies.add_agency("Unit", "uptd", by=by, parent_id=agency_id),
    ),
    "invite": Act(
        lambda tree, agency: tree.agencies[agency],
        lambda agency_id, by: people.add_officer(
            f"{uuid.uuid4().hex}@example.go.id", "Baru", Role.OPERATOR, by=by, agency_id=agency_id
        ),
    ),
    "mall": Act(
        lambda tree, agency: tree.malls[agency],
        lambda mall, by: places.set_location(mall, {"phone": uuid.uuid4().hex[:10]}, by=by),
        lambda mall: ("PUT", f"/malls/{_slug(Location, mall)}", {"phone": uuid.uuid4().hex[:10]}),
    ),
    "counter": Act(
        lambda tree, agency: tree.malls[agency], lambda mall, by: places.add_counter(mall, "Loket", by=by)
    ),
    "service": Act(
        lambda tree, agency: f"KATA-{uuid.uuid4().hex[:8]}",
        lambda word, by: services.put_synonym(word.lower(), "kartu", kind="spelling", by=by),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One registry for all examples: each brings its own tree."""
    app = make_app(tmp_path_factory.mktemp("random"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """A tree of agencies, and two officers with one to three roles anywhere in it."""
    size = draw(st.integers(2, MOST_AGENCIES))
    parents = [None, *(draw(st.one_of(st.none(), st.integers(0, n - 1))) for n in range(1, size))]
    roles = st.tuples(st.sampled_from([role.value for role in Role]), st.integers(0, size - 1))
    held = st.lists(roles, min_size=1, max_size=3, unique=True)
    return Tree(parents, held=[draw(held), draw(held)])


@dataclass(frozen=True)
class Step:
    """One thing that happens: somebody tries an act, or the tree or somebody's roles change."""

    kind: str
    agency: int
    officer: int
    by_program: bool
    other: int


STEPS = st.builds(
    Step,
    kind=st.sampled_from([*ACTS, "move", "take a role"]),
    agency=st.integers(0, MOST_AGENCIES - 1),
    officer=st.integers(0, 1),
    by_program=st.booleans(),
    other=st.integers(0, MOST_AGENCIES - 1),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(tree=trees(), steps=st.lists(STEPS, min_size=3, max_size=7))
def test_no_officer_acts_where_the_rules_say_no(doors: Flask, tree: Tree, steps: list[Step]) -> None:
    with doors.app_context():
        _found(tree)
        for step in steps:
            agency = step.agency % len(tree.parents)
            if step.kind == "move":
                _move(tree, agency, step.other % len(tree.parents))
            elif step.kind == "take a role":
                _take_a_role(tree, step.officer)
            else:
                _try(doors, tree, step, agency)


def test_after_all_of_it_nothing_is_wrong_with_the_registry(doors: Flask) -> None:
    with doors.app_context():
        assert verify() == []


def _try(app: Flask, tree: Tree, step: Step, agency: int) -> None:
    act = ACTS[step.kind]
    thing, before = act.thing(tree, agency), _standing()
    allowed = oracle.may(tree.held[step.officer], step.kind, agency, tree.parents)

    if step.by_program and act.request is not None:
        done = _asked(app, act.request(thing), tree.secrets[step.officer])
    else:
        done = _commanded(act, thing, tree.officers[step.officer])

    told = (step.kind, tree.parents, tree.held[step.officer], agency)
    assert done is allowed, told
    assert done or _standing() == before, told


def _commanded(act: Act, thing: Any, officer_id: uuid.UUID) -> bool:
    try:
        act.command(thing, db.session.get_one(Officer, officer_id))
    except (NotAllowed, NotFound):
        return False
    return True


def _asked(app: Flask, request: tuple[str, str, Any], secret: str) -> bool:
    method, path, body = request
    db.session.remove()
    answer = app.test_client().open(
        f"/api/v1{path}", method=method, json=body,
        headers={"Authorization": f"Bearer {secret}", **({"If-Match": "*"} if "/draft" in path else {})},
    )  # fmt: skip
    assert answer.status_code in REFUSALS or 200 <= answer.status_code < 300, answer.text
    return answer.status_code not in REFUSALS


def _standing() -> tuple[int | None, int | None]:
    """How far the log has come, and how much the audit says beyond refusals."""
    log = db.session.scalar(sa.select(Counting.last_number).where(Counting.log == "change"))
    done = AuditEvent.action.not_like("denied:%")
    acts = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(done))
    db.session.remove()
    return log, acts


def _found(tree: Tree) -> None:
    """Let the tree be there, with its officers."""
    begin_writing(db)
    mark = uuid.uuid4().hex[:8]
    made: list[Agency] = []
    for number, parent in enumerate(tree.parents):
        above = made[parent] if parent is not None else None
        made.append(Agency(slug=f"a{number}-{mark}", name=f"Badan {number}", kind="dinas", parent=above))
    malls = [
        Location(kind=LocationKind.MALL, slug=f"m{number}-{mark}", name="MPP", agency=one, facilities=[])
        for number, one in enumerate(made)
    ]
    root = officer(f"root-{mark}", Role.NATIONAL_ADMIN)
    persons = [Officer(email=f"{n}-{mark}@example.go.id", name="X", is_active=True) for n in (0, 1)]
    db.session.add_all([*made, *malls, *persons])
    db.session.flush()
    tree.root = root.id
    tree.agencies, tree.malls = [one.id for one in made], [one.id for one in malls]
    tree.officers = [one.id for one in persons]
    for person, held in zip(persons, tree.held, strict=True):
        person.memberships = [_membership(tree, *one) for one in _once_each(held)]
    db.session.commit()
    for key in tree.officers:
        issued = people.issue_token("program", by=Standin.OPERATOR, scope="write", officer_id=key)
        tree.secrets.append(issued.secret)


def _once_each(held: list[oracle.Held]) -> list[oracle.Held]:
    """A national role is held once, for no agency."""
    national = {role.value for role in Role if role.is_national}
    return list({(role, 0 if role in national else where) for role, where in held})


def _membership(tree: Tree, role: str, where: int) -> Membership:
    found = Role(role)
    if found.is_national:
        return Membership(role=found)
    if found is Role.MALL_MANAGER:
        return Membership(role=found, location_id=tree.malls[where])
    return Membership(role=found, agency_id=tree.agencies[where])


def _move(tree: Tree, agency: int, other: int) -> None:
    """Put one agency below another, where that makes no ring: rights follow at once."""
    if not oracle.is_below(other, agency, tree.parents):
        agencies.place_agency(tree.agencies[agency], parent_id=tree.agencies[other], by=tree.by_root())
        tree.parents[agency] = other


def _take_a_role(tree: Tree, number: int) -> None:
    """End one role of an officer: what it allowed ends at once."""
    held = db.session.get_one(Officer, tree.officers[number]).memberships
    if not held:
        return
    ended = held[0]
    where = tree.agencies.index(ended.agency_id) if ended.agency_id else 0
    where = tree.malls.index(ended.location_id) if ended.location_id else where
    people.revoke(ended.id, by=tree.by_root())
    left = _once_each(tree.held[number])
    left.remove((ended.role.value, where))
    tree.held[number] = left
