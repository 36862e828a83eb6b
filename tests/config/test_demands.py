"""Demands: what a service's state and its add-ons say about the licenses that it has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.config.wanted.asking import PANELS, Askers
from cpbillmgr.config.wanted.demands import demands_of
from cpbillmgr.model.catalogue import Amounts, Resource, ResourceKind, Tariff
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.services import Addon, AddonKind, Demand, Service, Status, Wish

WHAT_A_STATE_WANTS = {
    Status.ORDERED: Wish.LATER,
    Status.PROCESSING: Wish.LATER,
    Status.ACTIVE: Wish.ON,
    Status.SUSPENDED: Wish.OFF,
    Status.DELETED: Wish.GIVEN_UP,
}
ASKING = [
    ("enumeration", "Lite"),
    ("enumeration", "55227"),
    ("enumeration", "nobody knows this name"),
    ("logic", "on"),
    ("logic", "1"),
    ("logic", "YES"),
    ("logic", "neither on nor off"),
]
NOT_ASKING = [
    ("enumeration", ""),
    ("enumeration", " "),
    ("enumeration", "nopanel"),
    ("enumeration", "NoPanel"),
    ("enumeration", "off"),
    ("logic", "off"),
    ("logic", "0"),
    ("logic", "no"),
    ("logic", ""),
]


def addon(kind: str, value: str, name: str = "panel", id: int | None = 31) -> Addon:
    return Addon(name, AddonKind(kind), value, id)


def service(
    *addons: Addon,
    id: str = "12",
    type_: str = "vds",
    status: Status = Status.ACTIVE,
    tariff: int | None = 3,
) -> Service:
    return Service(id, type_, f"web{id}", "203.0.113.12", status, tariff, 10, 1, None, addons)


def the_wish(addon: Addon, status: Status, type_: str = "vds", askers: Askers = PANELS) -> Wish:
    (demand,) = demands_of([service(addon, status=status, type_=type_)], askers).values()
    return demand.wish


def test_every_state_of_a_service_is_in_the_table() -> None:
    assert set(WHAT_A_STATE_WANTS) == set(Status)


@pytest.mark.parametrize(("kind", "value"), ASKING)
@pytest.mark.parametrize("status", Status)
def test_an_add_on_that_asks_for_something_wants_what_its_service_is(
    status: Status, kind: str, value: str
) -> None:
    assert the_wish(addon(kind, value), status) is WHAT_A_STATE_WANTS[status]


@pytest.mark.parametrize(("kind", "value"), NOT_ASKING)
@pytest.mark.parametrize("status", Status)
def test_an_add_on_that_asks_for_nothing_gives_up_whatever_its_service_is(
    status: Status, kind: str, value: str
) -> None:
    assert the_wish(addon(kind, value), status) is Wish.GIVEN_UP


@pytest.mark.parametrize("type_", ProductType)
@pytest.mark.parametrize("status", Status)
def test_a_license_sold_on_its_own_wants_what_its_service_is(status: Status, type_: ProductType) -> None:
    asking, not_asking, askers = addon("enumeration", "5"), addon("enumeration", "nopanel"), Askers(type_)
    assert the_wish(asking, status, type_, askers) is WHAT_A_STATE_WANTS[status]
    assert the_wish(not_asking, status, type_, askers) is Wish.GIVEN_UP


def test_of_a_license_sold_on_its_own_the_first_add_on_decides_whatever_its_name() -> None:
    sold = service(addon("enumeration", "55227", name="tariff"), addon("enumeration", "55228"), type_="soft")
    assert set(demands_of([sold])) == {("12", "tariff")}
    assert demands_of([service(type_="soft")]) == {}


@pytest.mark.parametrize("name", ["vdsmgr", "ispmgr", "dnsmgr", "ipmgr", "vmmgr", "billmgr", "ifxmgr"])
def test_each_add_on_of_a_known_type_wants_something_of_its_own(name: str) -> None:
    found = demands_of([service(addon("enumeration", "Lite"), addon("logic", "off", name=name))])
    assert {key: demand.wish for key, demand in found.items()} == {
        ("12", "panel"): Wish.ON,
        ("12", name): Wish.GIVEN_UP,
    }


@pytest.mark.parametrize("status", Status)
def test_an_add_on_that_is_not_there_or_of_another_type_wants_nothing_at_all(status: Status) -> None:
    assert demands_of([service(status=status)]) == {}
    assert demands_of([service(addon("logic", "on", name="backup"), status=status)]) == {}


def test_a_demand_knows_its_address_and_its_local_ids() -> None:
    found = demands_of([service(addon("logic", "on"))])
    assert found == {("12", "panel"): Demand("12", "panel", Wish.ON, "203.0.113.12", (3, 31))}


@pytest.mark.parametrize(
    ("tariff", "id", "local_ids"), [(3, 31, (3, 31)), (3, None, (3,)), (None, 31, (31,)), (None, None, ())]
)
def test_local_ids_are_those_that_are_known(
    tariff: int | None, id: int | None, local_ids: tuple[int, ...]
) -> None:
    (demand,) = demands_of([service(addon("logic", "on", id=id), tariff=tariff)]).values()
    assert demand.local_ids == local_ids


def test_services_do_not_mix() -> None:
    panel = addon("logic", "on")
    found = demands_of([service(panel), service(panel, id="13", status=Status.SUSPENDED)])
    assert {key: demand.wish for key, demand in found.items()} == {
        ("12", "panel"): Wish.ON,
        ("13", "panel"): Wish.OFF,
    }


NODES = Resource(9, "nodes", ResourceKind.AMOUNT, minimum=1)
MACHINES = Resource(8, "machines", ResourceKind.AMOUNT, intname="vms")
SOLD_BY_NODES = Tariff(55163, "VMmanager 6", {}, NODES)
SOLD_BY_BOTH = replace(SOLD_BY_NODES, resources=(MACHINES,))


@pytest.mark.parametrize(
    ("tariff", "nodes", "amounts", "wanted"),
    [
        (None, 3, (), ()),
        (Tariff(55163, "", {}), 3, (("vms", 5),), ()),
        (SOLD_BY_NODES, 3, (("vms", 5), ("8", 5)), ((9, 3),)),
        (SOLD_BY_NODES, None, (), ((9, 1),)),
        (SOLD_BY_NODES, 0, (), ()),
        (SOLD_BY_BOTH, 3, (("vms", 5),), ((8, 5), (9, 3))),
        (SOLD_BY_BOTH, 3, (("8", 5),), ((8, 5), (9, 3))),
    ],
)
def test_amounts_are_of_what_the_tariff_is_known_to_count(
    tariff: Tariff | None, nodes: int | None, amounts: tuple[tuple[str, int], ...], wanted: Amounts
) -> None:
    panel = replace(addon("enumeration", "55163"), nodes=nodes, amounts=amounts)
    (demand,) = demands_of([service(panel)], tariff_of=lambda _: tariff).values()
    assert (demand.tariff, demand.amounts) == (tariff.id if tariff else None, wanted)
