"""People in a real browser on a phone: with their fingers, or by keyboard alone."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import PHONE
from tests.browser.test_every_page import violations
from tests.web.desk.phone import Phone

PASSWORD = "kopi tubruk tanpa gula"
#: Where the cursor is, seen from an element: there, on another choice of its group, or elsewhere.
_WHERE = """one => {
    const here = document.activeElement;
    if (one === here) return "there";
    return one.type === "radio" && here.name === one.name ? "beside" : "elsewhere";
}"""
#: Whether an element shows that the cursor is on it.
_IS_SEEN = """one => {
    const style = getComputedStyle(one);
    const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return isOutlined || style.boxShadow !== "none";
}"""


class Browser:
    """One person's browser on a phone; every page it stops at is looked over."""

    def __init__(self, browser: Any, site: str, **settings: Any) -> None:
        self.context = browser.new_context(viewport=PHONE, **settings)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.site = site
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(self.site + path)

    def look(self) -> None:
        """No barrier, nothing wider than the phone, no fault of a script."""
        assert violations(self.page) == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], self.page.url
        assert self.faults == []

    def press(self, words: str) -> None:
        """Press the button with these words."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).first.click()

    def follow(self, words: str) -> None:
        """Follow the link with these words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words, exact=True).first.click()

    def choose(self, words: str) -> None:
        """Choose one of several that exclude each other."""
        self.page.get_by_role("radio", name=words).check()

    def unfold(self, words: str) -> None:
        """Open what is folded under these words."""
        self.page.locator("summary", has_text=words).click()

    def fill(self, fields: dict[str, str]) -> None:
        """Type into fields by their ids."""
        for name, value in fields.items():
            field = self.page.locator(f'[id="{name}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                self.select(field, value)
            else:
                self.type(field, value)

    def select(self, field: Any, value: str) -> None:
        """Choose from a list."""
        field.select_option(value)

    def type(self, field: Any, value: str) -> None:
        """Write over what stands in a field."""
        field.fill(value)

    def enter(self) -> None:
        """Send the form in which the cursor stands."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def sign_in(self, email: str) -> None:
        """With the password, and a phone that is set up on the way."""
        self.go("/meja/masuk")
        self.prove(email)

    def prove(self, email: str) -> None:
        """Who one is, on the page for it."""
        self.fill({"email": email, "password": PASSWORD})
        self.enter()
        assert "/pengaman-pertama" in self.page.url
        self.fill({"code": Phone(self.page.content()).digits()})
        self.enter()
        self.go("/meja/standar")


class ByKeyboard(Browser):
    """Somebody without a mouse: everything is reached by the keys, and one sees where one is."""

    #: More stops than this on the way to something nobody bears.
    MOST_STOPS = 250

    def reach(self, target: Any) -> None:
        """Go to ``target`` by Tab, within a group of radio buttons by arrows."""
        there = target.element_handle()
        for _stop in range(self.MOST_STOPS):
            stands = there.evaluate(_WHERE)
            if stands == "there":
                assert there.evaluate(_IS_SEEN), f"one does not see that {there} is reached"
                return
            self.page.keyboard.press("ArrowDown" if stands == "beside" else "Tab")
        raise AssertionError(f"{target} is not reached on {self.page.url}")

    def press(self, words: str) -> None:
        self._enter_at(self.page.get_by_role("button", name=words, exact=True).first)

    def follow(self, words: str) -> None:
        self._enter_at(self.page.get_by_role("link", name=words, exact=True).first)

    def _enter_at(self, target: Any) -> None:
        self.reach(target)
        self.enter()

    def choose(self, words: str) -> None:
        choice = self.page.get_by_role("radio", name=words)
        self.reach(choice)
        self.page.keyboard.press("Space")
        assert choice.is_checked()

    def unfold(self, words: str) -> None:
        self.reach(self.page.locator("summary", has_text=words))
        self.page.keyboard.press("Enter")

    def select(self, field: Any, value: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Home")
        for _option in range(field.locator("option").count()):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        assert field.input_value() == value

    def type(self, field: Any, value: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)
