"""The address under which people reach this registry, for a command that runs beside the server.

The server knows its port, and perhaps an address that only its own environment names; so it
leaves in the instance folder what it goes by, and who makes a link asks there.
"""

from __future__ import annotations

from siapa.config import Config

#: The file in the instance folder.
SERVED = "served_at"


def remember(config: Config) -> None:
    """Leave the address that is served now."""
    (config.instance_dir / SERVED).write_text(config.public_url + "\n", encoding="utf-8")


def public_address(config: Config) -> str:
    """The address set for this command; where none is, the one that was served last; else the default."""
    served = config.instance_dir / SERVED
    if config.origins["public_url"] == "default" and served.is_file():
        return served.read_text(encoding="utf-8").strip() or config.public_url
    return config.public_url
