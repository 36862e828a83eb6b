"""Tariff ids that are publicly known: hints for messages and checks, never a reason to buy.

Ids differ between remotes and with the country of the account, so the remote's own price list decides
(wire-api.md 9.3 to 9.6). Node add-ons are used when the price list does not describe a tariff's add-ons.
"""

from __future__ import annotations

import re

from cpbillmgr.model.catalogue import LIFETIME, TRIAL, Resource, ResourceKind

_GENERATION_4 = {
    5: "ISPmanager 4 Lite",
    7: "ISPmanager 4 Lite without support",
    9: "ISPmanager 4 Pro",
    11: "ISPmanager 4 Pro without support",
    15: "VDSmanager-Linux",
    16: "DSmanager",
    17: "DNSmanager 4",
    18: "IPmanager 4",
    112: "ISPmanager 4 Cluster",
    432: "BILLmanager 4 Standard",
    434: "BILLmanager 4 Advanced",
    435: "BILLmanager 4 Corporate",
    884: "VDSmanager-FreeBSD",
}
_GENERATION_5 = {  # sold by remotes of generation 4, 5 and 6
    2891: "IPmanager 5",
    3045: "VMmanager 5 KVM",
    3136: "DNSmanager 5",
    3193: "IFXmanager",
    3541: "ISPmanager 5 Lite",
    3651: "VMmanager 5 OVZ",
    3887: "VMmanager 5 Cloud",
    3932: "DCImanager 5 Essential",
    3934: "DCImanager 5",
    3936: "DCImanager 5 Enterprise",
    4601: "ISPmanager 5 Business",
    5577: "BILLmanager 5",
    5579: "BILLmanager 5 Corporate",
}
_GENERATION_6_EU = {  # accounts outside of Russia
    55227: "ispmanager 6 lite",
    55228: "ispmanager 6 pro",
    55229: "ispmanager 6 host",
    55230: "ispmanager 6 business",
    55239: "ispmanager 6 trial",
    55240: "ispmanager 6 business trial",
    55382: "BILLmanager 6 Hosting&Cloud month",
    55384: "BILLmanager 6 Hosting&Cloud year",
}
_GENERATION_6_RU = {  # accounts in Russia
    55231: "ispmanager 6 lite",
    55232: "ispmanager 6 pro",
    55233: "ispmanager 6 host",
    55234: "ispmanager 6 business",
    55235: "ispmanager 6 trial",
}
_BESIDE_PANELS = {  # third-party software, modules and platforms
    9203: "CloudLinux",
    9204: "Softaculous",
    11738: "KernelCare",
    23221: "DDoS-GUARD",
    55161: "DCImanager 6",
    55163: "VMmanager 6",
}
_BESIDE_PANELS_EU = {
    55361: "Dr.Web lite",
    55362: "Dr.Web pro",
    55363: "Dr.Web host",
    55369: "BitNinja",
    55371: "BitNinja module",
}
_BESIDE_PANELS_RU = {
    55377: "Dr.Web lite",
    55378: "Dr.Web pro",
    55379: "Dr.Web host",
    55390: "BitNinja module",
    55391: "BitNinja",
}
_CERTIFICATES = {
    1011: "RapidSSL",
    1012: "RapidSSL Wildcard",
    1013: "Thawte SSL123",
    1032: "GeoTrust TrueBusinessID EV",
    2012: "Thawte WebServer",
    2014: "Thawte Wildcard",
    2015: "Thawte EV",
    2018: "GeoTrust DV",
    2019: "GeoTrust TrueBusinessID",
    2020: "GeoTrust TrueBusinessID Wildcard",
    2021: "DigiCert SecureSite",
    2023: "DigiCert SecureSite EV",
    2025: "EssentialSSL",
    2026: "InstantSSL",
    2027: "EssentialSSL Wildcard",
    2028: "PremiumSSL Wildcard",
    3033: "PositiveSSL",
    27648: "PositiveSSL multi-domain",
    27650: "PositiveSSL Wildcard",
    55153: "Comodo EV",
}
_CERTIFICATES_EU = {
    55346: "AlphaSSL",
    55347: "AlphaSSL Wildcard",
    55348: "GlobalSign DomainSSL",
    55349: "GlobalSign DomainSSL Wildcard",
    55350: "GlobalSign OrganizationSSL",
    55351: "GlobalSign OrganizationSSL Wildcard",
    55352: "GlobalSign EV",
}
_CERTIFICATES_RU = {
    55324: "AlphaSSL",
    55325: "AlphaSSL Wildcard",
    55326: "GlobalSign DomainSSL",
    55327: "GlobalSign DomainSSL Wildcard",
    55328: "GlobalSign OrganizationSSL",
    55329: "GlobalSign OrganizationSSL Wildcard",
    55330: "GlobalSign EV",
}
KNOWN_TARIFFS: dict[int, str] = {
    **_GENERATION_4,
    **_GENERATION_5,
    **_GENERATION_6_EU,
    **_GENERATION_6_RU,
    **_BESIDE_PANELS,
    **_BESIDE_PANELS_EU,
    **_BESIDE_PANELS_RU,
    **_CERTIFICATES,
    **_CERTIFICATES_EU,
    **_CERTIFICATES_RU,
}

# Period ids of generation 4 by tariff, each with its length in months (wire-api.md 9.1).
KNOWN_PERIODS: dict[int, dict[int, int]] = {
    5: {2: TRIAL},
    7: {7: TRIAL, 8: 1, 9: LIFETIME},
    9: {10: TRIAL},
    11: {15: TRIAL, 16: 1, 17: LIFETIME},
    15: {24: TRIAL, 25: 1, 26: LIFETIME},
    16: {27: TRIAL, 28: 1, 29: 12, 661: LIFETIME},
    17: {30: TRIAL, 31: LIFETIME},
    18: {32: TRIAL, 33: LIFETIME},
    112: {68: TRIAL},
    432: {246: TRIAL, 380: 1, 381: 12},
    434: {247: TRIAL, 382: 1, 383: 12},
    435: {248: TRIAL, 384: 1, 385: 12},
    884: {534: TRIAL, 535: 1, 536: LIFETIME},
    2891: {1814: TRIAL, 1815: 1, 1816: 12, 1817: LIFETIME},
    3045: {1898: TRIAL, 1899: 1, 1900: 12, 1901: LIFETIME},
    3136: {1926: TRIAL},
    3193: {1951: TRIAL},
    3541: {2307: TRIAL, 2308: 1, 2309: 12, 2310: LIFETIME},
}

# Tariffs whose id says the period: no rule that does not name them may choose another (semantics.md 11).
_PERIOD_IN_ID: dict[int, int] = {55382: 1, 55384: 12}


def _nodes(id: int, minimum: int = 1) -> Resource:
    return Resource(id, "nodes", ResourceKind.AMOUNT, minimum=minimum)


KNOWN_NODE_ADDONS: dict[int, Resource] = {
    3045: _nodes(3049),
    3651: _nodes(3698),
    3887: _nodes(3889, minimum=5),
    4601: _nodes(4602),
    55163: _nodes(55165),
    55230: _nodes(55236),
}


def period_in_id(tariff: int, name: str) -> int | None:
    """Return the length in months that a tariff's id stands for, ``None`` when it stands for none.

    The name tells whether it is the publicly known tariff, for another remote may give its id to another one.

    >>> period_in_id(55384, "BILLmanager 6 Hosting&Cloud year"), period_in_id(55384, "ispmanager 6 lite")
    (12, None)
    """
    is_the_known_one = family(name) == family(KNOWN_TARIFFS.get(tariff, ""))
    return _PERIOD_IN_ID.get(tariff) if is_the_known_one else None


def same_named(tariff: int) -> list[int]:
    """Return the other known tariffs of the same name, such as that of accounts in another country.

    >>> same_named(55227)
    [55231]
    """
    name = KNOWN_TARIFFS.get(tariff)
    return [each for each, title in KNOWN_TARIFFS.items() if title == name and each != tariff]


def family(tariff_name: str) -> str:
    """Return the product family of a tariff: the word that names the product, in lower case.

    The remote keeps one license of a family on an IP (semantics.md 3.8).

    >>> family("ispmanager 6 lite")
    'ispmanager'
    """
    words = re.findall(r"\w+", tariff_name.casefold())
    return next((word for word in words if word.endswith("manager")), words[0] if words else "")
