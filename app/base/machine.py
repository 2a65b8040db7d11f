"""A mark of this machine and the system's user, so that a copied disk is noticed on another one."""

from __future__ import annotations

import getpass
import hashlib
import sys
from pathlib import Path

_PLACES = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


def machine_mark() -> str:
    """64 hex digits made from the system's own identity and the user's name; empty where the system has none."""
    machine = _machine_id()
    if not machine:
        return ""
    return hashlib.sha256(f"griddesk\n{machine}\n{_user()}".encode()).hexdigest()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


if sys.platform == "win32":
    import winreg

    def _machine_id() -> str:
        place = r"SOFTWARE\Microsoft\Cryptography"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return ""
else:

    def _machine_id() -> str:
        for place in _PLACES:
            try:
                if said := place.read_text(encoding="ascii", errors="replace").strip():
                    return said
            except OSError:
                continue
        return ""
