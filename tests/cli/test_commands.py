"""``siapa …``: what it does, what it says, and the code it ends with."""

import json
import re

import pytest

from siapa import create_app
from siapa.cli.reached import remember
from siapa.config import ROOT
from tests.cli.operator import Operator
from tests.conftest import config_at

STANDARD = "polresta-kendari/perpanjangan-sim-c"


@pytest.fixture
def operator(own_seeded, tmp_path):
    """An operator of a seeded registry."""
    return Operator(tmp_path)


def seeded_document(path="polresta-kendari/SIM-C-PANJANG.json"):
    return json.loads((ROOT / "seed_data" / "standards" / path).read_text())["document"]


def test_help_lists_the_groups(tmp_path):
    told = Operator(tmp_path).says("--help")

    assert told.returncode == 0
    for group in (
        "config",
        "db",
        "import",
        "officer",
        "search",
        "seed",
        "serve",
        "standard",
        "token",
        "verify",
    ):
        assert f"\n  {group} " in told.stdout


def test_bad_usage_ends_with_2(tmp_path):
    assert Operator(tmp_path).says("nonsense").returncode == 2
    assert Operator(tmp_path).says("standard", "publish").returncode == 2


def test_bad_configuration_is_one_line_and_ends_with_2(tmp_path):
    told = Operator(tmp_path).says("db", "current", SIAPA_WORKERS="none")

    assert told.returncode == 2
    assert told.stderr == "siapa: SIAPA_WORKERS must be a whole number from 1 to 64\n"


def test_a_command_on_a_database_without_tables_says_how_to_make_them(tmp_path):
    told = Operator(tmp_path).says("officer", "list")

    assert told.returncode == 1
    assert re.fullmatch(
        r"siapa: the database stands at base, this release needs \d{4}; "
        r"bring it there with: siapa db upgrade\n",
        told.stderr,
    )


def test_a_new_machine_is_brought_up_step_by_step(tmp_path):
    operator = Operator(tmp_path)

    assert operator.says("db", "current").returncode == 1
    assert operator.says("db", "upgrade").returncode == 0
    assert operator.says("db", "current").returncode == 0
    assert operator.says("seed", "load").returncode == 0
    assert operator.says("search", "rebuild").returncode == 0
    again = operator.says("seed", "load")

    assert "added" not in again.stdout and "changed" not in again.stdout
    assert operator.says("verify").stdout == "all holds\n"


def test_a_registry_is_backed_up_and_stands_elsewhere_by_two_commands(operator, tmp_path):
    file = tmp_path / "cadangan.tar.gz"
    elsewhere = Operator(tmp_path / "elsewhere")

    made = operator.says("backup", str(file))
    restored = elsewhere.says("restore", str(file))
    again = elsewhere.says("restore", str(file))

    assert made.stdout.startswith(f"{file}: up to change ")
    assert re.search(r"^all holds, after \d+ s$", restored.stdout, re.MULTILINE)
    assert (again.returncode, again.stderr) == (
        1, "siapa: The database is not empty. Restore into an empty one.\n"
    )  # fmt: skip
    assert elsewhere.says("search", "check").returncode == 0


def test_a_registry_is_copied_into_another_database(operator, tmp_path):
    source = f"sqlite:///{tmp_path / 'instance' / 'siapa.db'}"
    target = f"sqlite:///{tmp_path / 'copy.db'}"

    copied = operator.says("db", "copy", "--from", source, "--to", target)
    again = operator.says("db", "copy", "--from", source, "--to", target)
    nowhere = operator.says("db", "copy", "--from", "sqlite:////nowhere/siapa.db", "--to", target)

    assert re.fullmatch(r"\d+ rows in \d+ tables copied\n", copied.stdout)
    assert again.stderr == "siapa: the database to copy to is not empty\n"
    assert nowhere.stderr == "siapa: there is no database in /nowhere/siapa.db\n"
    assert operator.says("verify", SIAPA_DATABASE_URL=target).stdout == "all holds\n"


def test_verify_finds_a_tampered_edition_and_ends_with_1(operator, own_seeded):
    import sqlalchemy as sa

    from siapa.extensions import db

    with db.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("DROP TRIGGER edition_is_frozen"))
        connection.execute(sa.text("UPDATE edition SET digest = 'forged' WHERE title = 'Perpanjangan SIM C'"))

    told = operator.says("verify")

    assert told.returncode == 1
    assert "digest" in told.stdout


def test_a_damaged_index_is_rebuilt_and_never_silently_emptied(operator, tmp_path):
    for file in (tmp_path / "search_index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"")

    assert operator.says("search", "follow").returncode == 0

    assert operator.says("search", "check").returncode == 0


def test_an_officer_is_invited_by_a_link_that_opens_the_desk(operator):
    added = operator.says("officer", "add", "dewi@contoh.id", "--name", "Dewi", "--role", "national_admin")
    invited = operator.says("officer", "invite", "dewi@contoh.id", SIAPA_PUBLIC_URL="https://siapa.example")
    nobody = operator.says("officer", "invite", "tidak.ada@contoh.id")

    first, second = (
        re.search(r"^link +(\S+)/meja/tautan\?kunci=(\S{43})$", said.stdout, re.MULTILINE)
        for said in (added, invited)
    )
    app = create_app(config_at(operator.folder))
    pages = [app.test_client().get(f"/meja/tautan?kunci={found[2]}") for found in (first, second)]

    assert added.stdout.startswith("dewi@contoh.id is national_admin\n") and "7 days" in added.stdout
    assert (first[1], second[1], nobody.returncode) == ("http://127.0.0.1:8000", "https://siapa.example", 1)
    assert [page.status_code for page in pages] == [403, 200]  # the newer one ended the older


def test_a_link_leads_to_the_address_that_was_served_last(operator):
    remember(config_at(operator.folder, SIAPA_PUBLIC_URL="http://127.0.0.1:8155"))

    told = operator.says("officer", "add", "rina@contoh.id", "--name", "Rina", "--role", "national_admin")
    set_now = operator.says("officer", "invite", "rina@contoh.id", SIAPA_PUBLIC_URL="https://siapa.example")

    assert "link   http://127.0.0.1:8155/meja/tautan?kunci=" in told.stdout
    assert "link   https://siapa.example/meja/tautan?kunci=" in set_now.stdout


def test_a_standard_lives_its_life_from_the_command_line(operator, tmp_path):
    document = {**seeded_document(), "title": "Perpanjangan SIM C keliling"}
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(document))
    agency = ("--agency", "polresta-kendari")
    operator.says("officer", "add", "ani@contoh.id", "--name", "Ani", "--role", "operator", *agency)
    operator.says("officer", "add", "budi@contoh.id", "--name", "Budi", "--role", "publisher", *agency)

    opened = operator.says("standard", "open", *agency, "--by", "ani@contoh.id", str(file))
    name = "polresta-kendari/perpanjangan-sim-c-keliling"
    assert opened.stdout == f"{name}: edition 1 is a draft\n"
    assert operator.says("standard", "submit", name, "--by", "ani@contoh.id").returncode == 0
    refused = operator.says("standard", "publish", name, "--by", "ani@contoh.id")
    assert refused.returncode == 1
    published = operator.says("standard", "publish", name, "--by", "budi@contoh.id")
    assert published.stdout == f"{name}: edition 1 is published\n"
    withdrawn = operator.says("standard", "withdraw", name, "--by", "budi@contoh.id", "--reason", "Digabung")

    assert withdrawn.stdout == f"{name}: edition 1 is withdrawn\n"
    assert operator.says("verify").returncode == 0


def test_an_officer_who_may_alone_need_not_be_named(operator):
    operator.says(
        "officer",
        "add",
        "budi@contoh.id",
        "--name",
        "Budi",
        "--role",
        "publisher",
        "--agency",
        "polresta-kendari",
    )

    told = operator.says("standard", "withdraw", STANDARD, "--reason", "Digabung")

    assert told.returncode == 0
    assert told.stdout == f"{STANDARD}: edition 1 is withdrawn\n"


def test_an_officer_of_another_agency_is_refused(operator):
    operator.says(
        "officer", "add", "cici@contoh.id", "--name", "Cici", "--role", "publisher", "--agency", "bank-sultra"
    )

    told = operator.says("standard", "withdraw", STANDARD, "--by", "cici@contoh.id", "--reason", "x")

    assert told.returncode == 1
    assert "Traceback" not in told.stderr


def test_an_import_with_faults_says_all_of_them_and_keeps_nothing(operator, tmp_path):
    faulty = {**seeded_document(), "requirements": [{"text": "", "kind": "paper"}], "colour": "red"}
    file = tmp_path / "standards.json"
    file.write_text(json.dumps([{"service": "SIM-C-PANJANG", "document": faulty}]))

    told = operator.says("import", str(file), "--agency", "polresta-kendari", "--dry-run")

    assert told.returncode == 1
    for path in ("[0].requirements[0].text", "[0].requirements[0].kind", "[0].colour"):
        assert path in told.stderr


def test_a_dry_run_finds_what_only_the_registry_knows_and_keeps_nothing(operator, tmp_path):
    operator.says(
        "officer",
        "add",
        "ani@contoh.id",
        "--name",
        "Ani",
        "--role",
        "operator",
        "--agency",
        "polresta-kendari",
    )
    words = ("--agency", "polresta-kendari", "--dry-run")
    file = tmp_path / "standards.json"
    file.write_text(
        json.dumps([{"slug": "sim-baru", "document": {**seeded_document(), "title": "SIM baru"}}])
    )
    good = operator.says("import", str(file), *words)
    file.write_text(json.dumps([{"service": "NO-SUCH", "document": seeded_document()}]))

    bad = operator.says("import", str(file), *words)

    assert good.stdout.startswith("new     polresta-kendari/sim-baru\n")
    assert bad.returncode == 1 and "NO-SUCH" in bad.stderr
    assert "sim-baru" not in operator.says("standard", "list", "--agency", "polresta-kendari").stdout


def test_an_import_takes_what_is_new_and_leaves_what_is_the_same(operator, tmp_path):
    agency = ("--agency", "polresta-kendari")
    operator.says("officer", "add", "ani@contoh.id", "--name", "Ani", "--role", "operator", *agency)
    operator.says("officer", "add", "budi@contoh.id", "--name", "Budi", "--role", "publisher", *agency)
    same = {"service": "SIM-C-PANJANG", "document": seeded_document()}
    new = {"slug": "sim-c-malam", "document": {**seeded_document(), "title": "Perpanjangan SIM C malam hari"}}
    file = tmp_path / "standards.json"
    file.write_text(json.dumps([same, new]))
    words = (
        "import",
        str(file),
        *agency,
        "--publish",
        "--by",
        "ani@contoh.id",
        "--reviewer",
        "budi@contoh.id",
    )

    first, second = operator.says(*words), operator.says(*words)

    # The words are those of the seed, but now the agency itself says them.
    assert first.stdout.split() == ["changed", STANDARD, "new", "polresta-kendari/sim-c-malam"]
    assert second.stdout.split() == ["same", STANDARD, "same", "polresta-kendari/sim-c-malam"]


def test_a_token_is_shown_once_and_can_be_revoked(operator):
    operator.says("officer", "add", "nina@contoh.id", "--name", "Nina", "--role", "national_admin")

    issued = operator.says(
        "token", "issue", "nina@contoh.id", "--name", "skrip", "--scope", "write", "--days", "30"
    )
    token_id = issued.stdout.split()[1]

    assert issued.returncode == 0
    assert operator.says("token", "revoke", token_id).returncode == 0


def test_a_disabled_officer_may_nothing_any_more(operator):
    agency = ("--agency", "polresta-kendari")
    operator.says("officer", "add", "budi@contoh.id", "--name", "Budi", "--role", "publisher", *agency)
    operator.says("officer", "disable", "budi@contoh.id")

    told = operator.says("standard", "withdraw", STANDARD, "--by", "budi@contoh.id", "--reason", "x")

    assert told.returncode == 1


def test_a_role_can_be_ended_alone(operator):
    role = ("--role", "publisher", "--agency", "polresta-kendari")
    operator.says("officer", "add", "budi@contoh.id", "--name", "Budi", *role)
    assert operator.says("officer", "end-role", "budi@contoh.id", *role).returncode == 0

    told = operator.says("standard", "withdraw", STANDARD, "--by", "budi@contoh.id", "--reason", "x")

    assert told.returncode == 1
