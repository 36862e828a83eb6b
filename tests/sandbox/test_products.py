"""What is sold beside panels: third-party software, platforms, and modules of panels."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Remote, tags, value

CLOUDLINUX, VMMANAGER, HOSTS, BITNINJA = 9203, 55163, 55165, 55371
PAID = {"clicked_button": "finish", "sok": "ok", "skipbasket": "on", "period": 1}


def bought(remote: Remote, type_: str, **params: object) -> str:
    return value(remote.good(f"{type_}.order.param", **PAID, **params), "id")


@pytest.fixture
def ids(remote: Remote) -> dict[str, str]:
    """One of each type; the module is on license 1."""
    return {
        "softexternal": bought(
            remote, "softexternal", pricelist=CLOUDLINUX, ip="203.0.113.70", licname="Item #70 addon web70"
        ),
        "platform": bought(
            remote, "platform", pricelist=VMMANAGER, comment="Item #71 addon vm71", **{f"addon_{HOSTS}": 3}
        ),
        "addition": bought(remote, "addition", pricelist=BITNINJA, item=1),
    }


@pytest.mark.parametrize(
    ("type_", "identity"),
    [("softexternal", ["licname", "ip"]), ("platform", ["comment"]), ("addition", [])],
)
def test_each_type_has_a_list_of_its_own_with_what_it_is_known_by(
    remote: Remote, ids: dict[str, str], type_: str, identity: list[str]
) -> None:
    (row,) = remote.good(type_).findall("elem")
    assert value(row, "id") == ids[type_]
    assert [tag for tag in tags(row) if tag in {"licname", "ip", "comment"}] == identity
    form = remote.good(f"{type_}.edit", elid=ids[type_])
    assert form.find("lickey") is None
    assert (form.find("item") is not None) == (type_ == "addition")
    assert ids[type_] not in {value(each, "id") for each in remote.good("soft").findall("elem")}


def test_a_function_of_one_type_knows_no_license_of_another(remote: Remote, ids: dict[str, str]) -> None:
    for func in ("soft.edit", "softexternal.suspend", "addition.delete"):
        assert remote.refused(func, elid=ids["platform"], sok="ok") == ("missed", "elid")


@pytest.mark.parametrize("type_", ["softexternal", "platform", "addition"])
def test_each_type_is_suspended_resumed_renewed_and_deleted(
    remote: Remote, ids: dict[str, str], type_: str
) -> None:
    def status() -> str:
        return value(remote.good(f"{type_}.edit", elid=ids[type_]), "status")

    remote.good(f"{type_}.suspend", elid=ids[type_], sok="ok")
    assert status() == "3"
    remote.good(f"{type_}.resume", elid=ids[type_], sok="ok")
    assert status() == "2"
    before = value(remote.good(f"{type_}.edit", elid=ids[type_]), "expiredate")
    remote.good("service.prolong", elid=ids[type_], period=1, sok="ok")
    assert value(remote.good(f"{type_}.edit", elid=ids[type_]), "expiredate") > before
    remote.good(f"{type_}.delete", elid=ids[type_], sok="ok")
    assert status() == "4"


def test_third_party_software_is_sold_once_for_an_address_and_moves(
    remote: Remote, ids: dict[str, str]
) -> None:
    again = {**PAID, "pricelist": CLOUDLINUX, "ip": "203.0.113.70", "licname": "again"}
    assert remote.refused("softexternal.order.param", **again) == ("exists", "ip")
    assert remote.refused("softexternal.order.param", **{**again, "ip": "", "period": 1}) == ("missed", "ip")
    elid = ids["softexternal"]
    remote.good("softexternal.edit", elid=elid, ip="203.0.113.71", licname="moved", sok="ok")
    form = remote.good("softexternal.edit", elid=elid)
    assert (value(form, "ip"), value(form, "licname")) == ("203.0.113.71", "moved")
    year = {**PAID, "pricelist": CLOUDLINUX, "ip": "203.0.113.72", "period": 12}
    assert remote.refused("softexternal.order.param", **year) == ("value", "period")


def test_a_platform_costs_by_its_nodes(remote: Remote, ids: dict[str, str]) -> None:
    assert [each["amount"] for each in remote.kept["charges"] if each["license"] == int(ids["platform"])] == [
        "28.00"
    ]
    remote.good("platform.edit", elid=ids["platform"], comment="renamed", sok="ok")
    assert value(remote.good("platform.edit", elid=ids["platform"]), "comment") == "renamed"
    assert remote.refused("platform.edit", elid=ids["platform"], clicked_button="newkey", sok="ok") == (
        "value",
        "clicked_button",
    )


def test_what_a_platform_counts_beside_its_nodes_is_charged_and_shown_too(remote: Remote) -> None:
    elid = bought(remote, "platform", pricelist=VMMANAGER, comment="vm72", addon_55165=3, addon_55164=50)
    form = remote.good("platform.edit", elid=elid)
    assert (value(form, "addon_55165"), value(form, "addon_55164")) == ("3", "50")
    remote.good("platform.edit", elid=elid, addon_55164=60, sok="ok")
    remote.good("platform.edit", elid=elid, addon_55164=10, sok="ok")
    assert value(remote.good("platform.edit", elid=elid), "addon_55165") == "3"
    remote.good("service.prolong", elid=elid, period=1, sok="ok")
    assert [each["amount"] for each in remote.kept["charges"]] == ["53.00", "5.00", "33.00"]


def test_a_price_list_describes_each_add_on_that_is_counted(remote: Remote) -> None:
    (sold,) = remote.good("pricelist.export", itemtype="platform").findall("pricelist")
    told = [
        [value(addon, tag) for tag in ("id", "intname", "addontype", "addonmin")]
        for addon in sold.iter("addon")
    ]
    assert told == [["55165", "nodes", "2", "1"], ["55164", "vms", "2", "0"]]


@pytest.mark.parametrize(("item", "refusal"), [("", "missed"), (99, "value"), (1, "exists")])
def test_a_module_needs_a_panel_that_lacks_it(
    remote: Remote, ids: dict[str, str], item: object, refusal: str
) -> None:
    order = {**PAID, "pricelist": BITNINJA, "item": item}
    assert remote.refused("addition.order.param", **order) == (refusal, "item")


def test_a_tariff_is_sold_by_the_functions_of_its_type_alone(remote: Remote) -> None:
    order = {**PAID, "pricelist": CLOUDLINUX, "ip": "203.0.113.70"}
    assert remote.refused("soft.order.param", **order) == ("value", "pricelist")
    assert remote.refused("platform.order.param", **order) == ("value", "pricelist")
