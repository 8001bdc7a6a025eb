"""Two servers of one registry behind a real nginx with the files of deploy/. No nginx: skipped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from siapa.config import ROOT
from tests.cli.served import answers, free_port, wait_until
from tests.conftest import SECRET

NGINX = ROOT / "deploy" / "nginx"
#: Around what stands in deploy/: what a system brings, in folders of the test's own.
AROUND = """
{user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    types {{ text/html html; }}
    {site}
}}
"""
SITE = "include {folder}/http.conf; server {{ listen 127.0.0.1:{port}; include {folder}/locations.conf; }}"


def program() -> str:
    """Where nginx lies, which Debian keeps off a user's path."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip("no nginx: install the package nginx-light to try the files of deploy/")
    return found


def configured(folder: Path, site: str, replaced: dict[str, str]) -> Path:
    """The files of deploy/ as they are used in ``folder``, and the file that includes them."""
    for name in ("http.conf", "locations.conf", "siapa.conf"):
        text = (NGINX / name).read_text()
        for before, after in replaced.items():
            text = text.replace(before, after)
        (folder / name).write_text(text)
    user = "user root;" if os.getuid() == 0 else ""
    whole = folder / "nginx.conf"
    whole.write_text(AROUND.format(folder=folder, user=user, site=site))
    return whole


@dataclass
class Host:
    """One host of the application: its own index, the database of all."""

    folder: Path
    number: int
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    #: Beside those below.
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Serve, and wait until it may be asked."""
        settings = {
            "SIAPA_INSTANCE_DIR": str(self.folder / "instance"),
            "SIAPA_SEARCH_DIR": str(self.folder / f"search_index_{self.number}"),
            "SIAPA_SECRET_KEY": SECRET,
            "SIAPA_PUBLIC_URL": "http://127.0.0.1",
            "SIAPA_TRUSTED_PROXIES": "1",
            "SIAPA_WORKERS": "1",
            **self.settings,
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SIAPA_")}
        said = (self.folder / f"said-{self.number}").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", "from siapa.cli import main; main()", "serve", "--no-seed",
             "--port", str(self.port)],
            env={**kept, **settings}, cwd=ROOT, stderr=said,
        )  # fmt: skip
        said.close()
        wait_until(lambda: answers(self.port, "/health/ready"), 120)

    def stop(self) -> None:
        """End it politely."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            assert self.process.wait(60) == 0
            self.process = None


@dataclass
class Proxy:
    """nginx before two hosts."""

    port: int
    hosts: list[Host]

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> HTTPResponse:
        """The whole answer over a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.whole = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer


@pytest.fixture(scope="module")
def proxy(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Two hosts of the seeded registry behind nginx."""
    program()
    folder = tmp_path_factory.mktemp("deploy")
    shutil.copytree(seeded_folder / "instance", folder / "instance")
    hosts = [Host(folder, number) for number in (1, 2)]
    for host in hosts:
        shutil.copytree(seeded_folder / "search_index", folder / f"search_index_{host.number}")
        host.start()
    port = free_port()
    try:
        with proxied(folder, port, hosts):
            yield Proxy(port, hosts)
    finally:
        for host in hosts:
            host.stop()


@contextmanager
def proxied(
    folder: Path, port: int, hosts: list[Host], others: dict[str, str] | None = None
) -> Iterator[None]:
    """nginx on ``port`` before ``hosts``; ``others``: what else of deploy/ is replaced by what."""
    nginx = program()
    servers = "\n".join(f"server 127.0.0.1:{host.port} max_fails=2 fail_timeout=1s;" for host in hosts)
    replaced = {
        "server 127.0.0.1:8000 max_fails=2 fail_timeout=1s;": servers,
        "/var/cache/nginx/siapa": f"{folder}/kept",
        "/etc/nginx/siapa": str(NGINX),
        **(others or {}),
    }
    whole = configured(folder, SITE.format(folder=folder, port=port), replaced)
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(whole)], stderr=subprocess.PIPE)
    try:
        wait_until(lambda: process.poll() is not None or answers(port, "/health/live"))
        assert process.poll() is None, process.communicate()[1].decode()
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)
