"""The types of products that are sold; functions begin with a type's name (wire-api.md 4.5, 10)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """What one of a type has: the field of its name, if any, an address, a key, a license that it is on.

    One ``by_request`` is ordered with a signing request, and again instead of renewed; it is never suspended.
    """

    name_field: str = "licname"
    has_ip: bool = True
    has_key: bool = False
    on_license: bool = False
    by_request: bool = False


PRODUCTS = {
    "soft": Product(has_key=True),
    "softexternal": Product(),
    "platform": Product(name_field="comment", has_ip=False),
    "addition": Product(name_field="", has_ip=False, on_license=True),
    "certificate": Product(name_field="CN", has_ip=False, by_request=True),
}
