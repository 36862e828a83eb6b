"""The types of products that are sold; functions begin with a type's name (wire-api.md 4.5, 10.2, 10.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """What one of a type has: the field of its name, if any, an address, a key, a license that it is on."""

    name_field: str = "licname"
    has_ip: bool = True
    has_key: bool = False
    on_license: bool = False


PRODUCTS = {
    "soft": Product(has_key=True),
    "softexternal": Product(),
    "platform": Product(name_field="comment", has_ip=False),
    "addition": Product(name_field="", has_ip=False, on_license=True),
}
