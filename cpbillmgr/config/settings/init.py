"""A first settings file: the text that ``config init`` writes."""

from __future__ import annotations

from pathlib import Path

import tomli_w

from cpbillmgr.model.rules import Limits

_HEADER = """\
# Settings of cpbillmgr: 'cpbillmgr config check' tells every problem, 'config show' what is in force.
# Names and periods are mapped in cpbillmgr.conf (generation 4) or cpbillmgr5.conf (5 and 6) beside this file.
# Instead of password_file: password_command = ["pass", "show", "billing"], a systemd credential
# cpbillmgr-NAME, or $CPBILLMGR_PASSWORD. A password never stands in this file.
# A run that would pass one of the limits writes nothing; amounts stand in quotes.
# A remote with product_type = "certificate" needs a table [certificates] with an approver, such as "admin".

"""


def first_settings(url: str, user: str, password_file: Path, generation: int) -> str:
    """Return the text of a settings file for one remote."""
    limits = Limits()
    document = {
        "remote": [
            {
                "name": "remote",
                "url": url,
                "user": user,
                "password_file": str(password_file),
                "generation": generation,
            }
        ],
        "limits": {"max_orders": limits.max_orders, "max_spend": str(limits.max_spend)},
    }
    return _HEADER + tomli_w.dumps(document)
