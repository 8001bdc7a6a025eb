"""What the guides say is so: settings, commands, and the example an agency would copy."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import click
import pytest

from siapa.config import PREFIX, Config
from siapa.document.intake import publishable_problems, read_document
from tests.house.drawing import ROOT

DOCS = ROOT / "docs"
GUIDES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    *(f"docs/{page.name}" for page in sorted(DOCS.glob("*.md"))),
)


def read(name: str) -> str:
    """One page of the documentation."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_table_of_settings_names_every_setting_and_no_other() -> None:
    settings = {PREFIX + field.name.upper() for field in fields(Config)} - {f"{PREFIX}ORIGINS"}

    in_table = set(re.findall(r"^\| `(SIAPA_\w+)`", read("docs/operations.md"), re.MULTILINE))

    assert in_table == settings


@pytest.mark.parametrize("guide", GUIDES)
def test_no_guide_names_a_setting_that_is_none(guide: str) -> None:
    settings = {PREFIX + field.name.upper() for field in fields(Config)}

    assert set(re.findall(r"\bSIAPA_[A-Z_]+\b", read(guide))) <= settings


def commands_in(text: str) -> set[tuple[str, ...]]:
    """Each ``siapa …`` written as code, by its lower-case words."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"^ {4}(\S.*)$", text, re.MULTILINE)
    found = (re.match(r"siapa((?: [a-z][a-z-]*)+)", piece) for piece in code)
    return {tuple(match[1].split()) for match in found if match}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_in_a_guide_is_one(guide: str) -> None:
    from siapa.cli import siapa

    unknown = [" ".join(words) for words in sorted(commands_in(read(guide))) if not _is_command(siapa, words)]

    assert not unknown


def test_commands_are_found_in_tables_and_blocks() -> None:
    text = "| `siapa db upgrade` | x |\n\n    siapa search check  # y\n\nthe siapa of words, `siapa --help`\n"

    assert commands_in(text) == {("db", "upgrade"), ("search", "check")}


def _is_command(command: click.Command, words: tuple[str, ...]) -> bool:
    """Whether ``words`` lead from group to group to a command; what follows a command is its arguments."""
    for word in words:
        if not isinstance(command, click.Group):
            return True
        found = command.get_command(click.Context(command), word)
        if found is None:
            return False
        command = found
    return True


def test_the_example_of_the_agency_guide_could_be_published() -> None:
    example = re.search(r"```json\n(.*?)```", read("docs/agency-guide.md"), re.DOTALL)
    assert example is not None

    document = read_document(json.loads(example[1]))

    assert not publishable_problems(document)
