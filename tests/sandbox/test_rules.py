from __future__ import annotations

from decimal import Decimal

import pytest

from tests.sandbox.conftest import FREE_IP, Remote, Start, license, value


def test_a_move_to_an_ip_of_another_license_of_the_product_is_refused(remote: Remote) -> None:
    assert remote.refused("soft.edit", elid=5, ip="203.0.113.1", sok="ok") == ("exists", "ip")


@pytest.mark.parametrize(
    ("field", "params", "expected"),
    [
        ("ip_change_date", {"ip": "203.0.113.99"}, ("limit", "ip_change")),
        ("ip_change_date", {"ip": FREE_IP}, ("limit", "ip_change")),
        ("lickey_change_date", {"clicked_button": "newkey"}, ("limit", "lickey_change")),
    ],
)
@pytest.mark.parametrize(
    ("last", "allowed"),
    [(None, True), ("2026-10-20", True), ("2026-10-21", True), ("2026-10-22", False), ("2026-11-21", False)],
)
def test_ip_and_key_change_at_most_once_in_31_days(
    start: Start,
    field: str,
    params: dict[str, str],
    expected: tuple[str, str],
    last: str | None,
    allowed: bool,
) -> None:
    remote = start(licenses=[license(**{field: last})])
    if allowed:
        remote.good("soft.edit", elid=1, sok="ok", **params)
        assert remote.field(1, field) == "2026-11-21"
    else:
        assert remote.refused("soft.edit", elid=1, sok="ok", **params) == expected
        assert remote.field(1, field) == last


def test_a_refusal_by_date_tells_from_when_it_is_allowed(start: Start) -> None:
    remote = start(licenses=[license(ip_change_date="2026-11-01")])
    error = remote.call("soft.edit", elid=1, ip="203.0.113.9", sok="ok").find("error")
    assert error is not None
    assert error.findtext("param[@name='value']") == "2026-12-02"


def test_an_edit_keeps_what_was_not_sent_and_the_same_ip_is_no_change(remote: Remote) -> None:
    remote.good("soft.edit", elid=1, licname="renamed", ip="203.0.113.1", sok="ok")
    told = [remote.field(1, name) for name in ("licname", "ip", "remoteid", "ip_change_date", "lickey")]
    assert told == ["renamed", "203.0.113.1", "a1", "", "1-aa"]


def test_an_edit_can_empty_the_remote_id(remote: Remote) -> None:
    remote.good("soft.edit", elid=1, remoteid="", autoprolong="1", sok="ok")
    assert (remote.field(1, "remoteid"), remote.field(1, "autoprolong")) == ("", "1")


def test_an_edit_without_sok_or_with_sv_field_changes_nothing(remote: Remote) -> None:
    before = remote.kept
    remote.good("soft.edit", elid=1, licname="renamed")
    remote.good("soft.edit", elid=1, licname="renamed", sok="ok", sv_field="licname")
    assert remote.kept == before


def test_a_new_key_starts_with_the_license_id_and_is_another_one(remote: Remote) -> None:
    doc = remote.good("soft.edit", elid=1, clicked_button="newkey", sok="ok")
    assert value(doc, "lickey").startswith("1-")
    assert value(doc, "lickey") != "1-aa"
    assert value(doc, "lickey_change_date") == "2026-11-21"


def test_more_nodes_are_charged_and_fewer_are_not_paid_back(remote: Remote) -> None:
    remote.good("soft.edit", elid=5, addon_55236=4, sok="ok")
    assert remote.kept["account"]["balance"] == "990.00"
    remote.good("soft.edit", elid=5, addon_55236=1, sok="ok")
    assert (remote.field(5, "addon_55236"), remote.kept["account"]["balance"]) == ("1", "990.00")
    assert remote.refused("soft.edit", elid=5, addon_55236=0, sok="ok") == ("value", "addon_55236")


@pytest.mark.parametrize(
    ("kept", "period", "until", "amount"),
    [
        ({"status": 2, "expiredate": "2026-12-31"}, 1, "2027-01-31", "4.00"),
        ({"status": 2, "expiredate": "2027-01-31"}, 1, "2027-02-28", "4.00"),
        ({"status": 2, "expiredate": "2026-12-31"}, 12, "2027-12-31", "40.00"),
        ({"status": 3, "expiredate": "2026-12-31"}, 1, "2026-12-21", "4.00"),
        ({"status": 2, "expiredate": "2026-11-20"}, 1, "2026-12-21", "4.00"),
        ({"status": 2, "expiredate": "2026-11-21"}, 1, "2026-12-21", "4.00"),
    ],
)
def test_a_renewal_goes_on_from_expiry_or_from_today(
    start: Start, kept: dict[str, object], period: int, until: str, amount: str
) -> None:
    remote = start(licenses=[license(**kept)])
    view = remote.good("service.prolong", elid=1, period=period)
    assert (value(view, "newexpiredate"), remote.kept["charges"]) == (until, [])
    doc = remote.good("service.prolong", elid=1, period=period, sok="ok")
    inner = doc.find("doc")
    assert inner is not None
    assert [value(inner, name) for name in ("expiredate", "newexpiredate")] == [kept["expiredate"], until]
    assert [remote.field(1, name) for name in ("status", "expiredate", "period")] == ["2", until, str(period)]
    assert [charge["amount"] for charge in remote.kept["charges"]] == [amount]


def test_a_renewal_by_way_of_the_basket_waits_unpaid(remote: Remote) -> None:
    remote.good("service.prolong", elid=1, period=1, sok="ok", clicked_button="basket")
    assert remote.field(1, "expiredate") == "2026-12-31"
    assert (remote.kept["account"]["balance"], remote.kept["charges"]) == ("1000.00", [])


@pytest.mark.parametrize(
    ("kept", "period", "expected"),
    [
        ({"period": -100, "pricelist": 55239}, 1, ("limit", "trial")),
        ({"period": 0, "expiredate": None}, 1, ("value", "period")),
        ({}, 3, ("value", "period")),
        ({}, 0, ("value", "period")),
        ({}, -100, ("value", "period")),
        ({"status": 4}, 1, ("value", "status")),
        ({"status": 1}, 1, ("value", "status")),
        ({"expiredate": "2026-10-22"}, 1, ("value", "status")),
    ],
)
def test_a_renewal_that_cannot_be_is_refused(
    start: Start, kept: dict[str, object], period: int, expected: tuple[str, str]
) -> None:
    remote = start(licenses=[license(**kept)])
    before = remote.kept
    assert remote.refused("service.prolong", elid=1, period=period, sok="ok") == expected
    assert remote.kept == before


def test_a_renewal_without_money_is_refused(start: Start) -> None:
    remote = start(account={"balance": "1.00"})
    assert remote.refused("service.prolong", elid=1, period=1, sok="ok") == ("not_enough_money", None)
    assert remote.field(1, "expiredate") == "2026-12-31"


@pytest.mark.parametrize(
    ("expires", "status"),
    [("2026-11-22", "2"), ("2026-11-21", "3"), ("2026-10-23", "3"), ("2026-10-22", "4"), (None, "2")],
)
def test_an_overdue_license_is_suspended_and_30_days_later_deleted(
    start: Start, expires: str | None, status: str
) -> None:
    remote = start(licenses=[license(expiredate=expires)])
    assert remote.field(1, "status") == status
    assert value(remote.row(1), "status") == status


def test_licenses_age_when_the_clock_is_moved(remote: Remote) -> None:
    assert remote.field(5, "status") == "2"
    remote.control("clock", days=4)
    assert remote.field(5, "status") == "3"
    remote.control("clock", at="2026-12-25")
    assert remote.field(5, "status") == "4"
    assert remote.refused("soft.edit", elid=5, licname="x", sok="ok") == ("value", "status")


@pytest.mark.parametrize(
    ("func", "kept", "status"),
    [
        ("soft.suspend", {"status": 2}, "3"),
        ("soft.suspend", {"status": 3}, "3"),
        ("soft.resume", {"status": 3}, "2"),
        ("soft.resume", {"status": 2}, "2"),
        ("soft.delete", {"status": 2}, "4"),
        ("soft.delete", {"status": 3}, "4"),
        ("soft.suspend", {"status": 4}, None),
        ("soft.resume", {"status": 4}, None),
        ("soft.resume", {"status": 2, "expiredate": "2026-11-20"}, None),
        ("soft.delete", {"status": 4}, None),
        ("soft.suspend", {"status": 1}, None),
        ("soft.suspend", {"status": 5}, None),
    ],
)
def test_suspend_resume_and_delete_by_status(
    start: Start, func: str, kept: dict[str, object], status: str | None
) -> None:
    remote = start(licenses=[license(**kept)])
    if status is None:
        assert remote.refused(func, elid=1, sok="ok") == ("value", "status")
    else:
        remote.good(func, elid=1, sok="ok")
        assert remote.field(1, "status") == status


def test_suspend_needs_no_sok_but_delete_does(remote: Remote) -> None:
    remote.good("soft.suspend", elid=1)
    remote.good("soft.delete", elid=1)
    assert remote.field(1, "status") == "3"


def test_several_licenses_are_suspended_together_or_not_at_all(remote: Remote) -> None:
    assert remote.refused("soft.suspend", elid="1, 404") == ("missed", "elid")
    assert remote.field(1, "status") == "2"
    remote.good("soft.suspend", elid="1, 5")
    assert (remote.field(1, "status"), remote.field(5, "status")) == ("3", "3")


@pytest.mark.parametrize(
    ("right", "func"),
    [
        ("allowsuspenditem", "soft.suspend"),
        ("allowsuspenditem", "soft.resume"),
        ("allowdeleteitem", "soft.delete"),
    ],
)
def test_an_account_without_the_right_is_refused(start: Start, right: str, func: str) -> None:
    remote = start(account={right: False})
    assert remote.refused(func, elid=1, sok="ok") == ("access", func)
    assert remote.field(1, "status") == "2"


def test_a_tariff_is_changed_within_its_product_for_the_difference(remote: Remote) -> None:
    remote.good("service.changepricelist", elid=1, pricelist=55228, period=1, sok="ok")
    assert [remote.field(1, name) for name in ("pricelist", "expiredate")] == ["55228", "2026-12-31"]
    remote.good("service.changepricelist", elid=1, pricelist=55227, period=1, sok="ok")
    assert [charge["amount"] for charge in remote.kept["charges"]] == ["4.00"]
    assert Decimal(remote.kept["account"]["balance"]) == 996


def test_a_tariff_of_another_product_is_no_target(start: Start) -> None:
    tariffs = [
        {"id": 55227, "name": "ispmanager 6 lite", "prices": {"1": "4.00"}},
        {"id": 9, "name": "DNSmanager", "prices": {"1": "2.00"}},
    ]
    remote = start(tariffs=tariffs, licenses=[license()])
    targets = remote.good("service.changepricelist", elid=1).findall("slist/val")
    assert [target.get("key") for target in targets] == ["55227"]
    refused = remote.refused("service.changepricelist", elid=1, pricelist=9, period=1, sok="ok")
    assert refused == ("value", "pricelist")
