"""The mark that we put on a license so that the remote's list alone tells whose it is.

The name follows the original's template (semantics.md 3.2): the number is identity, the rest decoration. The
remote id is computed, never random, so that a lost state file cannot buy again (reliability.md, The mark).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

# Stray quotes around the number occur in the wild (semantics.md 1.6 h).
_NAME = re.compile(r"""^Item #["']?(?P<service>[^\s"']+)["']?\s+addon\b""", re.IGNORECASE)
NAME_LIMIT = 255  # characters that the remote keeps of a name (wire-api.md 12)


def license_name(service: str, service_name: str) -> str:
    """Return the name of a license for an add-on of this service.

    >>> license_name("12", "web1")
    'Item #12 addon web1'
    """
    return f"Item #{service} addon {service_name}"[:NAME_LIMIT].rstrip()


def service_of_name(name: str) -> str | None:
    """Return the id of the service that a license's name speaks of, or ``None``.

    >>> service_of_name('Item #12 addon web1')
    '12'
    """
    found = _NAME.match(name)
    return found["service"] if found else None


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names of licenses mean the same: the service's number if they have one, else all.

    >>> is_same_name("Item #12 addon web1", "Item #12 addon renamed")
    True
    """
    service = service_of_name(one)
    return service == service_of_name(other) if service else one == other


@dataclass(frozen=True, slots=True)
class Mark:
    """Our remote id: which installation, service and add-on a license belongs to, and which need of it.

    ``generation`` counts the needs: a child whose license is gone and that needs one again is at the next.
    """

    installation: str
    service: str
    addon: str
    generation: int = 1

    def __str__(self) -> str:
        parts = (_escape(part) for part in (self.installation, self.service, self.addon))
        return "-".join(("cpb1", *parts, str(self.generation)))

    @classmethod
    def read(cls, remoteid: str | None) -> Mark | None:
        """Return the mark that a remote id spells, or ``None`` when it is none of ours.

        >>> Mark.read("cpb1-main-12-panel-1")
        Mark(installation='main', service='12', addon='panel', generation=1)
        """
        parts = (remoteid or "").split("-")
        if len(parts) != 5 or parts[0] != "cpb1" or not re.fullmatch("[0-9]{1,9}", parts[4]):
            return None
        return cls(unquote(parts[1]), unquote(parts[2]), unquote(parts[3]), int(parts[4]))


def _escape(part: str) -> str:
    return quote(part, safe="").replace("-", "%2D")
