"""How the types of products differ in what is sent and read (wire-api.md 4.2, 4.5 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from cpbillmgr.model.products import ProductType


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one type is spelled.

    ``name`` is the field of a license's name, empty where it has none. ``has_check`` says whether the remote
    can be asked beforehand if an address may get one.
    """

    name: str
    has_check: bool = False


# Functions and price list have the type's own name. An address is in ``ip``, the panel's license in ``item``.
SPELLINGS = {
    ProductType.SOFT: Spelling("licname", has_check=True),
    ProductType.SOFTEXTERNAL: Spelling("licname"),
    ProductType.PLATFORM: Spelling("comment"),
    ProductType.ADDITION: Spelling(""),
    ProductType.CERTIFICATE: Spelling("CN"),
}
