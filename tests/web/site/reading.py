"""A page as its reader gets it: strictly parsed, with the text and the links that matter to tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient


@dataclass(frozen=True)
class Read:
    """One answered page."""

    status: int
    html: str
    tree: Element

    @property
    def text(self) -> str:
        """All words in ``main``, blanks joined."""
        main = self.tree.find(".//main")
        assert main is not None
        return re.sub(r"\s+", " ", " ".join(main.itertext())).strip()

    def all(self, path: str) -> list[Element]:
        """The elements at ``path`` (ElementTree's XPath)."""
        return self.tree.findall(path)

    def words(self, path: str) -> list[str]:
        """The text of the elements at ``path``."""
        return [re.sub(r"\s+", " ", "".join(one.itertext())).strip() for one in self.all(path)]

    def links(self, path: str = ".//a") -> list[str]:
        """The addresses that the page leads to."""
        return [one.get("href", "") for one in self.all(path)]


def read(client: FlaskClient, address: str, *, status: int = 200) -> Read:
    """The page at ``address``, which must answer ``status`` and be HTML without a single fault."""
    answer = client.get(address)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    assert answer.mimetype == "text/html", address
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parse(answer.text)
    return Read(answer.status_code, answer.text, tree)
