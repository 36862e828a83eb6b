"""What holds without a directive file: add-on types and built-in names (semantics.md 1.5, 2.1)."""

from __future__ import annotations

from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_TARIFFS, family

# Add-on types that ask for a license, and the product family that each usually means; ``panel`` means any.
ADDON_TYPES = {
    "panel": "",
    "vdsmgr": "vdsmanager",
    "ispmgr": "ispmanager",
    "dnsmgr": "dnsmanager",
    "ipmgr": "ipmanager",
    "vmmgr": "vmmanager",
    "billmgr": "billmanager",
    "ifxmgr": "ifxmanager",
}

# Name -> remote tariff, by generation of the remote.
BUILT_IN = {
    Generation.FOUR: {"Lite": 7, "Prof": 11, "Lite5": 3541},
    Generation.FIVE: {"Lite": 3541, "Prof": 11, "Lite5": 3541},
    Generation.SIX: {"Lite": 3541, "Prof": 11, "Lite5": 3541},
}


def usual_family(name: str) -> str:
    """Return the product family that a name usually means, empty when it may mean any.

    >>> usual_family("ipmgr")
    'ipmanager'
    """
    return "ispmanager" if name in BUILT_IN[Generation.FOUR] else ADDON_TYPES.get(name, "")


def may_hold_modules(name: str) -> bool:
    """Return whether a module may go onto what a name means: they are all of ispmanager (wire-api.md 10.2).

    >>> [name for name in ("panel", "ispmgr", "dnsmgr") if may_hold_modules(name)]
    ['panel', 'ispmgr']
    """
    return usual_family(name) in ("", "ispmanager")


def odd_family(name: str, tariff: int, title: str) -> str:
    """Return what is odd about a name that means a tariff of another product, empty when nothing is.

    ``title`` is the tariff's name at the remote, empty when that is not at hand: then the publicly known one
    tells. The original's manual itself mixes up ``ipmgr`` and ``ispmgr`` (semantics.md 1.6 a).

    >>> odd_family("ispmgr", 2891, "IPmanager 5")
    "'ispmgr' usually means ispmanager, and tariff 2891 is IPmanager 5"
    """
    usual, title = usual_family(name), title or KNOWN_TARIFFS.get(tariff, "")
    if not usual or not title or family(title) == usual:
        return ""
    return f"'{name}' usually means {usual}, and tariff {tariff} is {title}"
