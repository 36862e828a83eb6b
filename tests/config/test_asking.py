from __future__ import annotations

import pytest

from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.settings.schema import RemoteSettings
from cpbillmgr.config.wanted.asking import Askers
from cpbillmgr.config.wanted.children import children_of
from cpbillmgr.config.wanted.demands import demands_of
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Addon, AddonKind, Service, Status

PANEL, CLOUDLINUX = (Addon(name, AddonKind.ENUMERATION, "9203") for name in ("panel", "cloudlinux"))


def service(type_: str = "vds", *addons: Addon) -> Service:
    return Service("12", type_, "web12", "203.0.113.12", Status.ACTIVE, 3, 10, 1, None, addons)


def remote(product: ProductType, *addons: str) -> RemoteSettings:
    return RemoteSettings("isp", "https://isp.example.com", "reseller", product_type=product, addons=addons)


@pytest.mark.parametrize(
    ("product", "addons", "asking"),
    [
        (ProductType.SOFT, (), [PANEL]),
        (ProductType.SOFT, ("cloudlinux",), [PANEL, CLOUDLINUX]),
        (ProductType.SOFTEXTERNAL, (), []),
        (ProductType.SOFTEXTERNAL, ("cloudlinux",), [CLOUDLINUX]),
        (ProductType.SOFTEXTERNAL, ("CloudLinux",), []),
    ],
)
def test_panels_ask_for_licenses_and_named_add_ons_for_what_their_remote_sells(
    product: ProductType, addons: tuple[str, ...], asking: list[Addon]
) -> None:
    assert remote(product, *addons).askers.addons_of(service("vds", PANEL, CLOUDLINUX)) == asking


@pytest.mark.parametrize("product", ProductType)
@pytest.mark.parametrize("type_", ProductType)
def test_a_service_sold_on_its_own_asks_where_its_type_is_sold(product: ProductType, type_: str) -> None:
    asking = Askers(product, frozenset({"panel"})).addons_of(service(type_, PANEL, CLOUDLINUX))
    assert list(asking) == ([PANEL] if type_ == product else [])


@pytest.mark.parametrize("product", ProductType)
def test_a_wish_for_a_product_without_an_address_has_none(product: ProductType) -> None:
    askers = Askers(product, frozenset({"panel"}))
    [child], _ = children_of(
        [service("vds", PANEL)],
        "isp",
        Directives(),
        Generation.SIX,
        {9203: Tariff(9203, "it", {})},
        askers=askers,
    )
    demand = demands_of([service("vds", PANEL)], askers)[child.key]
    assert child.ip == demand.ip == ("203.0.113.12" if product.has_address else "")
