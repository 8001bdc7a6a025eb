"""A real Chromium before the seeded registry, served on loopback. No Chromium: skipped with one line."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

#: Names under which distributions install the browser.
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NARROW = {"width": 320, "height": 640}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}

OpenPage = Callable[..., Any]


class _Quiet(WSGIRequestHandler):
    """The test server says nothing of single requests."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """The address of ``app``, served by threads of this process."""
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def site(seeded_app: Flask) -> Iterator[str]:
    """The address of the seeded registry."""
    with serving(seeded_app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this worker."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium: install the package chromium to run the browser tests")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


def _fault_of(request: Any) -> list[str]:
    """What failed, unless the page was left while it was on its way."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url} ({request.failure})"]


@pytest.fixture
def open_page(browser: Any, site: str) -> Iterator[OpenPage]:
    """Opens an address in a context of its own; faults of the page are kept as ``page.faults``."""
    contexts = []

    def open_it(path: str, viewport: dict[str, int] = PHONE, **settings: Any) -> Any:
        context = browser.new_context(viewport=viewport, **settings)
        contexts.append(context)
        page = context.new_page()
        page.faults = []
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on("requestfailed", lambda request: page.faults.extend(_fault_of(request)))
        page.goto(site + path, wait_until="load")
        return page

    yield open_it
    for context in contexts:
        context.close()
