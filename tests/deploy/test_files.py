"""The files of deploy/ as far as this machine can check them without being the server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from siapa.config import ROOT, Config
from tests.cli.served import free_port
from tests.deploy.conftest import NGINX, configured, program

DEPLOY = ROOT / "deploy"


def test_the_whole_site_is_one_that_nginx_takes(tmp_path: Path) -> None:
    nginx = program()
    if shutil.which("openssl") is None:
        pytest.skip("no openssl: nothing makes the certificate")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=siapa",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    plain, secure = free_port(), free_port()
    replaced = {
        "/var/cache/nginx/siapa": f"{tmp_path}/kept", "/etc/nginx/siapa/": f"{tmp_path}/",
        "/etc/ssl/siapa": str(tmp_path), "/var/log/nginx": str(tmp_path),
        "listen 80 ": f"listen {plain} ", "[::]:80 ": f"[::1]:{plain} ",
        "listen 443 ": f"listen {secure} ", "[::]:443 ": f"[::1]:{secure} ",
    }  # fmt: skip
    whole = configured(tmp_path, f"include {tmp_path}/siapa.conf;", replaced)

    told = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", whole], capture_output=True, text=True, check=False
    )

    assert told.returncode == 0, told.stderr
    assert "[warn]" not in told.stderr


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda unit: unit.name)
def test_units_are_such_that_systemd_takes(unit: Path, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd to ask")
    for one in unit.parent.iterdir():
        text = one.read_text().replace("/opt/siapa/.venv/bin/siapa", sys.executable)
        (tmp_path / one.name).write_text(text)

    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "siapa" not in told.stderr, told.stderr


def test_what_the_containers_are_told_are_settings_and_files_that_there_are() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]

    for name in ("one", "two"):
        given = {
            key: re.sub(r"\$\{\w+\}", "a-word-of-more-than-thirty-two-letters", value)
            for key, value in services[name]["environment"].items()
        }
        assert Config.from_environment(given).is_production
        assert (DEPLOY / services[name]["build"]["context"] / services[name]["build"]["dockerfile"]).is_file()
    mounted = [
        volume.split(":")[0] for volume in services["nginx"]["volumes"] if volume.startswith("./nginx")
    ]
    assert mounted
    assert all((DEPLOY / path).exists() for path in mounted)
    used = {volume.split(":")[0] for one in services.values() for volume in one.get("volumes", ())}
    assert {volume for volume in used if not volume.startswith(".")} == set(compose["volumes"])


def test_the_pages_for_bad_days_need_nothing_from_elsewhere() -> None:
    for page in NGINX.glob("unavailable.*.html"):
        text = page.read_text()

        assert not re.search(r"(src|href)=|url\(|@import", text), page.name
        assert f'lang="{page.name.split(".")[1]}"' in text
