"""A browser in words, so that officers recognise their own sessions: "Firefox, Android"."""

from __future__ import annotations

#: What a User-Agent carries, and whose it is; the first that is found counts.
BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(user_agent: str) -> str:
    """Browser and system, as far as they are known; "" where neither is."""
    found = (
        next((name for mark, name in known if mark in user_agent), None) for known in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)
