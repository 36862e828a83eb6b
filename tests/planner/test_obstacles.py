"""Obstacles: why nothing may be bought for a child."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cpbillmgr.model.licenses import FREE_IP, License
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.needs.obstacles import address_taken, is_public, obstacles
from tests.planner.nouns import (
    BILLING,
    BUSINESS,
    ELSEWHERE,
    IP,
    LITE,
    PRO,
    a_child,
    a_license,
    an_operation,
    facts,
    linked,
)

CHILD = a_child("12")
NO_OTHER = "no other license of the product can be ordered for its address"
ANOTHER_LATER = "another license of the product can be ordered for its address only in three months"
IN_THE_WAY = f"is in the way: it is not lifetime, so {NO_OTHER}"


def the_obstacle(
    *licenses: License, child: Child = CHILD, others: tuple[Child, ...] = (), **fields: Any
) -> str | None:
    """Return what is in the way of one child that has no license, if anything is."""
    found = obstacles([child], [child, *others], facts(*licenses, **fields))
    assert found.keys() <= {child.key}
    return found.get(child.key)


def test_a_license_that_was_unlinked_by_hand_is_told_with_the_way_back() -> None:
    told = the_obstacle(a_license(), unlinked=frozenset({"501"}))
    assert told is not None
    assert "was unlinked by hand" in told
    assert "'cpbillmgr license link 501 12 panel' links it again" in told


@pytest.mark.parametrize(
    "ip",
    [
        FREE_IP,
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "169.254.0.1",
        "172.16.0.0",
        "172.31.255.255",
        "192.168.1.1",
        "::",
        "::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "::ffff:10.0.0.1",
    ],
)
def test_no_license_can_stand_on_an_address_that_nobody_sees(ip: str) -> None:
    assert not is_public(ip)
    assert the_obstacle(child=a_child(ip=ip)) == f"{ip} is not a public address"


@pytest.mark.parametrize(
    "ip",
    [
        "1.0.0.0",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "203.0.113.12",
        "2001:db8::1",
        "::2",
        "fbff::1",
        "fec0::1",
    ],
)
def test_every_other_address_may_have_a_license(ip: str) -> None:
    assert is_public(ip)
    assert the_obstacle(child=a_child(ip=ip)) is None


def test_a_service_without_an_address_waits_for_one() -> None:
    assert the_obstacle(child=a_child(ip="")) == "service 12 has no address yet"


@pytest.mark.parametrize(
    ("other", "obstacle"),
    [
        (a_child("13", ip=IP), f"service 13 has the address {IP} too"),
        (a_child("13", ip=IP, tariff=PRO), f"service 13 has the address {IP} too"),
        (a_child("13", ip=IP, tariff=BUSINESS, nodes=1), f"service 13 has the address {IP} too"),
        (a_child("13", ip=IP, status=Status.PROCESSING), f"service 13 has the address {IP} too"),
        (a_child("12", "backup"), f"service 12 has the address {IP} too"),
        (a_child("13", ip=IP, tariff=BILLING), None),
        (a_child("13"), None),
    ],
)
def test_one_family_has_one_service_on_an_address(other: Child, obstacle: str | None) -> None:
    assert the_obstacle(others=(other,)) == obstacle


def test_all_services_on_an_address_are_told() -> None:
    others = (a_child("13", ip=IP), a_child("14", ip=IP))
    assert the_obstacle(others=others) == f"service 13, 14 has the address {IP} too"


@pytest.mark.parametrize(
    ("fields", "obstacle"),
    [
        ({"status": Status.ORDERED}, f"license 501 (ispmanager 6 lite) on {IP} is still ordered"),
        ({"status": Status.PROCESSING}, f"license 501 (ispmanager 6 lite) on {IP} is still processing"),
        (
            {"status": Status.PROCESSING, "tariff": PRO},
            f"license 501 (ispmanager 6 pro) on {IP} is still processing",
        ),
        (
            {"tariff": PRO},
            f"license 501 (ispmanager 6 pro) on {IP} {IN_THE_WAY}",
        ),
        (
            {"tariff": None, "tariff_name": "ISPmanager 4 Pro", "status": Status.SUSPENDED},
            f"license 501 (ISPmanager 4 Pro) on {IP} {IN_THE_WAY}",
        ),
        (
            {"tariff": PRO, "expires": None},
            f"license 501 (ispmanager 6 pro) on {IP} is in the way: it is lifetime, so {ANOTHER_LATER}",
        ),
        ({"tariff": PRO, "status": Status.DELETED}, None),
        ({"tariff": PRO, "ip": ELSEWHERE}, None),
        ({"tariff": BILLING}, None),
    ],
)
def test_a_license_of_the_family_on_the_address_is_in_the_way(
    fields: dict[str, Any], obstacle: str | None
) -> None:
    assert the_obstacle(a_license(**fields)) == obstacle


def test_a_license_of_another_service_on_the_address_is_told_as_its() -> None:
    links = linked((a_child("13"), "501"))
    told = f"license 501 (ispmanager 6 lite) on {IP} belongs to service 13"
    assert the_obstacle(a_license(), links=links) == told


@pytest.mark.parametrize("status", [Status.ORDERED, Status.PROCESSING])
def test_another_services_license_that_is_not_ready_yet_is_told_as_that(status: Status) -> None:
    links = linked((a_child("13"), "501"))
    told = f"license 501 (ispmanager 6 lite) on {IP} is still {status}"
    assert the_obstacle(a_license(status=status), links=links) == told


@pytest.mark.parametrize("tariff_name", ["", "Panel for hosters"])
def test_a_license_of_the_same_tariff_is_in_the_way_whatever_its_row_calls_it(tariff_name: str) -> None:
    license = replace(a_license(status=Status.PROCESSING), tariff=LITE, tariff_name=tariff_name)
    assert the_obstacle(license) is not None


@pytest.mark.parametrize(
    "other",
    [a_child("13", ip=IP), a_child("12", "renamed add-on"), a_child(f"ip:{IP}", str(LITE))],
    ids=["a service that left the address", "the add-on's old name", "ordered on its own"],
)
def test_an_order_in_doubt_for_the_same_address_and_family_is_in_the_way(other: Child) -> None:
    """Its license may be there at any moment, and then there would be two."""
    assert the_obstacle(operations=[an_operation(other)]) is not None


@pytest.mark.parametrize(
    "other",
    [CHILD, a_child("13"), a_child("13", ip=IP, tariff=BILLING)],
    ids=["its own", "for another address", "of another family"],
)
def test_other_orders_in_doubt_are_not_in_the_way(other: Child) -> None:
    assert the_obstacle(operations=[an_operation(other)]) is None


def test_the_first_obstacle_of_the_table_is_told() -> None:
    nowhere = a_child(ip="10.0.0.1")
    crowd = (a_child("13", ip="10.0.0.1"),)
    standing = a_license(ip="10.0.0.1")
    assert the_obstacle(standing, child=nowhere, others=crowd) == "10.0.0.1 is not a public address"
    shared = (a_child("13", ip=IP),)
    assert the_obstacle(a_license(), others=shared) == f"service 13 has the address {IP} too"


def test_children_of_many_services_are_judged_each_by_its_own_address() -> None:
    children = [a_child("12"), a_child("13"), a_child("14", ip="")]
    found = obstacles(children, children, facts(a_license(ip=children[1].ip)))
    assert found.keys() == {children[1].key, children[2].key}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            {"tariff": PRO},
            f"Our license 501 (ispmanager 6 pro) is on {IP}: it is not lifetime, so {NO_OTHER}",
        ),
        (
            {"tariff": PRO, "expires": None},
            f"Our license 501 (ispmanager 6 pro) is on {IP}: it is lifetime, so {ANOTHER_LATER}",
        ),
        ({"tariff": PRO, "status": Status.DELETED}, ""),
        ({"ip": ELSEWHERE}, ""),
        ({"tariff": BILLING}, ""),
    ],
)
def test_an_address_that_the_remote_refuses_is_explained_by_its_rule_and_our_own_license(
    fields: dict[str, Any], told: str
) -> None:
    others = (
        f"None of our licenses of this product is on {IP}, so it is another account's: "
        f"if it is not lifetime, {NO_OTHER}; if it is lifetime, {ANOTHER_LATER}"
    )
    assert address_taken(CHILD, facts(a_license(**fields))) == (told or others)
