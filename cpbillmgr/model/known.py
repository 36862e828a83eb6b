"""Tariff ids that are publicly known: hints for messages and checks, never a reason to buy.

Ids differ between remotes and with the country of the account, so the remote's own price list decides
(wire-api.md 9.3). Node add-ons are used when the price list does not describe a tariff's add-ons.
"""

from __future__ import annotations

from cpbillmgr.model.catalogue import NodeAddon

KNOWN_TARIFFS: dict[int, str] = {
    5: "ISPmanager 4 Lite",
    7: "ISPmanager 4 Lite without support",
    9: "ISPmanager 4 Pro",
    11: "ISPmanager 4 Pro without support",
    2891: "IPmanager 5",
    3045: "VMmanager 5 KVM",
    3136: "DNSmanager 5",
    3541: "ISPmanager 5 Lite",
    3651: "VMmanager 5 OVZ",
    3887: "VMmanager 5 Cloud",
    3932: "DCImanager 5 Essential",
    3934: "DCImanager 5",
    3936: "DCImanager 5 Enterprise",
    4601: "ISPmanager 5 Business",
    5577: "BILLmanager 5",
    5579: "BILLmanager 5 Corporate",
    55227: "ispmanager 6 lite",
    55228: "ispmanager 6 pro",
    55229: "ispmanager 6 host",
    55230: "ispmanager 6 business",
    55231: "ispmanager 6 lite",
    55232: "ispmanager 6 pro",
    55233: "ispmanager 6 host",
    55234: "ispmanager 6 business",
    55235: "ispmanager 6 trial",
    55239: "ispmanager 6 trial",
    55240: "ispmanager 6 business trial",
    55382: "BILLmanager 6 Hosting&Cloud month",
    55384: "BILLmanager 6 Hosting&Cloud year",
}

KNOWN_NODE_ADDONS: dict[int, NodeAddon] = {
    3045: NodeAddon(3049),
    3651: NodeAddon(3698),
    3887: NodeAddon(3889, minimum=5),
    4601: NodeAddon(4602),
    55230: NodeAddon(55236),
}


def family(tariff_name: str) -> str:
    """Return the product family of a tariff: the word that names the product, in lower case.

    The remote keeps one license of a family on an IP (semantics.md 3.8).

    >>> family("ispmanager 6 lite")
    'ispmanager'
    """
    words = tariff_name.casefold().split()
    return next((word for word in words if word.endswith("manager")), words[0] if words else "")
