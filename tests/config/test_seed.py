"""The original's manual, sentence by sentence: what it promises of the directive file holds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import cpbillmgr
from cpbillmgr.config.choice import Unresolved
from cpbillmgr.config.directives.file import Directives, parse_directives
from cpbillmgr.config.settings.loading import directive_file, rules_of
from cpbillmgr.config.settings.schema import RemoteSettings, Settings
from cpbillmgr.config.wanted.children import children_of
from cpbillmgr.config.wanted.names import tariff_named
from cpbillmgr.errors import ConfigInvalid
from cpbillmgr.model.catalogue import LIFETIME, Tariff
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_PERIODS, KNOWN_TARIFFS
from cpbillmgr.model.mark import license_name
from cpbillmgr.model.money import Money
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Addon, AddonKind, Child, Service, Status
from cpbillmgr.planner.needs.renewal import is_free_of_charge
from cpbillmgr.planner.pool.handing_out import may_reuse, why_not
from tests.config.conftest import told
from tests.planner.nouns import LITE, PRO, TARIFFS, TODAY, a_license, a_spare

CONF = Path(cpbillmgr.__file__).parent.parent / "conf/cpbillmgr.conf"
LINES = """\
Price ipmgr 2891 \t
Period 10 8 7 \t\t
Period 10 16 11 \t
Period 10 1815 2891 \t
Period 11 9 7 \t\t
Period 11 17 11 \t
Period 11 1817 2891 \t
Period 12 9 7 \t\t
Period 12 17 11 \t
Period 12 1817 2891 \t
Period 13 9 7 \t\t
Period 13 17 11 \t
Period 13 1817 2891 \t
"""
PRICE = Money(Decimal("4.00"), "EUR")
THEN = {
    id_: Tariff(id_, KNOWN_TARIFFS[id_], dict.fromkeys(KNOWN_PERIODS[id_], PRICE))
    for id_ in (7, 9, 11, 2891, 3541)
}
LONGEST_KNOWN = {10: 1, 11: 3, 12: 6, 13: 12}  # local period ids of the virtual server, in months


def directives(text: str, generation: int = 4) -> Directives:
    return parse_directives(text, "cpbillmgr.conf", Generation(generation))


def ordered(text: str, *services: Service, generation: int = 4) -> list[tuple[int, int]]:
    """Return remote tariff and period of each license that is ordered for services."""
    found, problems = children_of(services, "isp", directives(text, generation), Generation(generation), THEN)
    assert problems == []
    return [(child.tariff, child.period) for child in found]


def virtual_server(*addons: Addon, period: int = 10, type_: str = "vds") -> Service:
    months = LONGEST_KNOWN.get(period)
    return Service("12", type_, "web12", "203.0.113.12", Status.ACTIVE, 3, period, months, None, addons)


def element(value: str, name: str = "panel") -> Addon:
    return Addon(name, AddonKind.ENUMERATION, value, 31)


def switch(name: str, value: str = "on") -> Addon:
    return Addon(name, AddonKind.LOGIC, value, 32)


def child(text: str, generation: int) -> tuple[Child, Rules]:
    """Return the child of a local tariff 3 and an add-on 31, and the rules that a directive file makes."""
    remote = RemoteSettings(
        "isp", "https://billing.example/billmgr", "reseller", generation=Generation(generation)
    )
    rules = rules_of(Settings(Path("state.db")), remote, directives(text, generation))
    return Child(
        "12", "panel", "web12", "203.0.113.12", Status.ACTIVE, "isp", LITE, 1, local_ids=(3, 31)
    ), rules


# Reselling licenses as a separate service


def test_the_internal_name_5_ispmanager_lite_is_taken_from_the_server_configuration() -> None:
    assert tariff_named("5-ISPmanager Lite", directives(""), Generation.FOUR, (5, 7, 9)).value == 5
    assert tariff_named("9-ISPmanager Pro", directives(""), Generation.FOUR, (5, 7, 9)).value == 9


def test_periods_that_are_missing_in_ispsystem_will_not_work() -> None:
    service = virtual_server(element("7-ISPmanager Lite"), period=12, type_="soft")
    for text in ("", "Period 12 16 7"):
        _, [problem] = children_of([service], "isp", directives(text), Generation.FOUR, THEN)
        assert "sold for" in problem.hint


@pytest.mark.parametrize(
    ("generation", "name"), [(4, "cpbillmgr.conf"), (5, "cpbillmgr5.conf"), (6, "cpbillmgr5.conf")]
)
def test_integrated_with_billmanager_5_the_configuration_file_is_cpbillmgr5_conf(
    generation: int, name: str
) -> None:
    remote = RemoteSettings(
        "isp", "https://billing.example/billmgr", "reseller", generation=Generation(generation)
    )
    assert directive_file(remote, None, None) == (Path("/usr/local/ispmgr/etc") / name, False)


def test_if_you_sell_a_1_month_license_you_can_purchase_a_lifetime_license() -> None:
    """``Period 2 9`` is of the tariff that 9 is a period of, for there is no other such tariff."""
    assert KNOWN_PERIODS[7][9] == LIFETIME
    service = virtual_server(element("7-ISPmanager Lite"), period=2, type_="soft")
    assert ordered("Period 2 9\nPeriod 3 10\n", service) == [(7, 9)]
    _, [problem] = children_of(
        [replace(service, period=3)], "isp", directives("Period 2 9\nPeriod 3 10\n"), Generation.FOUR, THEN
    )
    assert "no remote period of tariff 7" in problem.message


@pytest.mark.parametrize(
    ("text", "reused"),
    [
        ("", False),
        ("ReusePrice 3", False),
        ("Option ReUseLicense", False),
        ("Option ReUseLicense\nReusePrice 3", True),
        ("Option ReUseLicense\nReusePrice 31", True),
        ("Option ReUseLicense\nReusePrice 4", False),
    ],
)
def test_reuse_price_names_the_service_package_or_add_on_for_which_the_license_can_be_reused(
    text: str, reused: bool
) -> None:
    assert may_reuse(*child(text, 4)) is reused


def test_you_can_reuse_only_the_license_whose_name_is_free_lic_and_whose_ip_address_is_0_0_0_0() -> None:
    spare = a_spare()
    assert why_not(spare, TARIFFS[LITE], (), TODAY) is None
    for used in (replace(spare, name="Item #12 addon web12"), replace(spare, ip="203.0.113.12")):
        assert why_not(used, TARIFFS[LITE], (), TODAY) == "it is in use"


def test_the_license_of_the_corresponding_package_is_used_for_the_second_time() -> None:
    assert why_not(a_spare(), TARIFFS[PRO], (), TODAY) == "it is of another tariff"


def test_specify_the_option_use_existing_on_upgrade() -> None:
    assert list(directives("Option UseExistingOnUpgrade").options) == ["UseExistingOnUpgrade"]


def test_licenses_with_a_100_percent_discount_cannot_be_renewed_automatically() -> None:
    assert is_free_of_charge(a_license(cost=Money(Decimal(0), "EUR")))
    assert not is_free_of_charge(a_license(cost=PRICE))


# Reselling licenses as service package add-ons


@pytest.mark.parametrize(
    "name", ["panel", "vdsmgr", "ispmgr", "dnsmgr", "ipmgr", "vmmgr", "billmgr", "ifxmgr"]
)
def test_orders_are_processed_for_add_ons_of_these_internal_names(name: str) -> None:
    assert ordered("Period ALL 8 7", virtual_server(element("Lite", name))) == [(7, 8)]


def test_orders_are_not_processed_for_add_ons_of_other_internal_names() -> None:
    assert ordered("Period ALL 8 7", virtual_server(element("Lite", "disk"))) == []


def test_of_an_enumeration_the_element_s_internal_name_is_used_of_a_logic_value_the_type_s() -> None:
    text = "Price Gold 11\nPrice ipmgr 2891\nPeriod ALL 16 11\nPeriod ALL 1815 2891"
    service = virtual_server(element("Gold"), switch("ipmgr"), switch("vmmgr", "off"))
    assert ordered(text, service) == [(11, 16), (2891, 1815)]


def test_nothing_is_ordered_for_nopanel() -> None:
    assert ordered("", virtual_server(element("nopanel"))) == []


@pytest.mark.parametrize(
    ("name", "generation", "tariff"),
    [
        ("Lite", 4, 7),  # ISPmanager 4 Lite
        ("Prof", 4, 11),
        ("Lite5", 4, 3541),  # ISPmanager 5 Lite
        ("Lite", 5, 3541),  # ISPmanager 5 Lite rather than ISPmanager 4 Lite
        ("Lite", 6, 3541),
    ],
)
def test_lite_means_ispmanager_4_lite_under_billmanager_4_and_ispmanager_5_lite_under_billmanager_5(
    name: str, generation: int, tariff: int
) -> None:
    assert tariff_named(name, directives("", generation), Generation(generation), THEN).value == tariff


@pytest.mark.parametrize("name", ["11", "11-ISPmanager Pro", "ISPmanager Pro 11", "panel_11"])
def test_internal_names_may_contain_a_service_package_id_of_the_remote_billing(name: str) -> None:
    assert tariff_named(name, directives(""), Generation.FOUR, THEN).value == 11


def test_licenses_are_provided_automatically_if_order_periods_match() -> None:
    """In generation 5 and 6, where a period is its length in months."""
    tariffs = {3541: Tariff(3541, "ISPmanager 5 Lite", {1: PRICE, 12: PRICE})}
    for period, months in ((10, 1), (13, 12)):
        service = virtual_server(element("Lite"), period=period)
        [found], _ = children_of([service], "isp", directives("", 5), Generation.FIVE, tariffs)
        assert (found.tariff, found.period) == (3541, months)


def test_a_license_type_that_is_no_enumeration_needs_a_line_in_the_configuration_file() -> None:
    with pytest.raises(Unresolved) as caught:
        tariff_named("ipmgr", directives(""), Generation.FOUR, THEN)
    assert caught.value.hint.startswith("Add the line 'Price ipmgr TARIFF' to cpbillmgr.conf")


def test_price_lines_tell_the_service_package_of_internal_names() -> None:
    text = "Price Gold 11\nPrice Silver Bronze 7"
    assert [
        tariff_named(name, directives(text), Generation.FOUR, THEN).value
        for name in ("Gold", "Silver", "Bronze")
    ] == [
        11,
        7,
        7,
    ]


def test_several_service_packages_of_the_remote_billing_correspond_to_one_of_the_main_service() -> None:
    service = virtual_server(element("Lite"), switch("ipmgr"))
    assert ordered(LINES, service) == [(7, 8), (2891, 1815)]


def test_order_periods_can_be_specified_for_any_period_in_the_local_billing() -> None:
    for period in LONGEST_KNOWN:
        service = virtual_server(element("Lite"), element("Prof", "ispmgr"), period=period)
        assert ordered("Period ALL 9 7\nPeriod ALL 16 11\n", service) == [(7, 9), (11, 16)]


@pytest.mark.parametrize("period", LONGEST_KNOWN)
def test_a_1_month_license_is_required_for_1_month_and_lifetime_licenses_for_other_order_periods(
    period: int,
) -> None:
    for addon, tariff in ((element("Lite"), 7), (element("Prof"), 11), (switch("ipmgr"), 2891)):
        [(chosen, remote)] = ordered(LINES, virtual_server(addon, period=period))
        length = KNOWN_PERIODS[tariff][remote]
        assert (chosen, length) == (tariff, 1 if period == 10 else LIFETIME)


def test_you_do_not_need_to_specify_ispmanager_packages_but_you_can_specify_different_values() -> None:
    assert tariff_named("Prof", directives(LINES), Generation.FOUR, THEN).value == 11
    assert tariff_named("Prof", directives("Price Prof 9"), Generation.FOUR, THEN).value == 9


@pytest.mark.skipif(not CONF.is_file(), reason="there is no conf here, as in an installed package")
def test_the_example_of_the_manual_is_the_sample_that_is_installed_byte_for_byte_beside_its_comments() -> (
    None
):
    text = CONF.read_text(encoding="utf-8")
    lines = [line.partition("#")[0] for line in text.splitlines() if not line.startswith("#") and line]
    assert lines == LINES.splitlines()
    assert directives(text).warnings == ()
    named = [line for line in text.splitlines() if " 2891 " in line]
    assert all(line.endswith(" for IPmanager 5") for line in named)
    assert len(named) == 5


def test_no_licenses_are_ordered_for_suspended_services_with_no_fix_suspended() -> None:
    assert child("Option NoFixSuspended", 4)[1].no_fix_suspended
    assert not child("", 4)[1].no_fix_suspended


def test_the_license_name_is_item_main_service_id_addon_main_service_name() -> None:
    assert license_name("12", "web12") == "Item #12 addon web12"


def test_three_bad_lines_are_told_with_their_numbers() -> None:
    spoiled = LINES.splitlines()
    spoiled[1], spoiled[4], spoiled[12] = "Period ten 8 7", "Period 11", "Period 13 9 7 1"
    with pytest.raises(ConfigInvalid) as caught:
        directives("\n".join(spoiled))
    assert [line for line, _ in told(caught.value)] == [2, 5, 13]
