"""Generation 4: every refusal by its number, and what is a matter of variants."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Remote, Start, tags, value
from tests.sandbox.generation4 import FREE_IP, license, order, refused

RULES = [
    # what is wrong, licenses of the world, call, the code and more of the variant ``typed``
    pytest.param([license()], "software.edit", order("203.0.113.1"), ("2", "ip", None), id="ip taken"),
    pytest.param(
        [license(ip_change_date="2026-11-01")],
        "software.edit",
        {"elid": 1, "ip": "198.51.100.9", "sok": "ok"},
        ("5", None, "ip"),
        id="ip too soon",
    ),
    pytest.param(
        [license(period=7, status=4)],
        "software.edit",
        order("203.0.113.1", period=7),
        ("5", None, "period"),
        id="trial used",
    ),
    pytest.param(
        [license(period=7)],
        "software.period",
        {"elid": 1, "period": 8, "payfrom": "account12", "sok": "ok"},
        ("4", None, "period"),
        id="trial renewed",
    ),
    pytest.param([license(status=4)], "software.disable", {"elid": 1}, ("4", None, "elid"), id="status"),
    pytest.param(
        [], "software.edit", order("198.51.100.1", price=435, period=385), ("5", None, "balance"), id="money"
    ),
]


@pytest.fixture
def remote(start: Start) -> Remote:
    return start(generation=4)


@pytest.mark.parametrize(("licenses", "func", "params", "typed"), RULES)
@pytest.mark.parametrize("variant", ["message", "typed", "unlisted"])
def test_a_rule_is_refused_by_a_code_of_its_variant(
    start: Start,
    licenses: list[dict[str, object]],
    func: str,
    params: dict[str, object],
    typed: tuple[str, str | None, str | None],
    variant: str,
) -> None:
    remote = start(generation=4, licenses=licenses, account={"balance": "299.99"}, refusal=variant)
    before = remote.kept
    expected = {"message": ("8", None, None), "typed": typed, "unlisted": ("9", None, None)}
    assert refused(remote, func, **params) == expected[variant]
    assert remote.kept == before


@pytest.mark.parametrize("variant", ["message", "typed", "unlisted"])
@pytest.mark.parametrize(
    ("func", "params", "expected"),
    [
        ("whoami", {}, ("6", "whoami", None)),
        ("software.edit", {"elid": 6, "licname": "mine", "sok": "ok"}, ("6", "software.edit", None)),
        ("software.disable", {"elid": 6}, ("6", "software.disable", None)),
        ("software.edit", {"elid": 404}, ("3", "software", None)),
        ("software.enable", {"elid": "x"}, ("3", "software", None)),
        ("software.enable", {}, ("4", None, "elid")),
        ("availableprice.periods", {"elid": 404}, ("3", "price", None)),
    ],
)
def test_what_has_a_code_in_the_manual_has_it_in_every_variant(
    start: Start, variant: str, func: str, params: dict[str, object], expected: tuple[str, str | None, str]
) -> None:
    assert refused(start(generation=4, refusal=variant), func, **params) == expected


@pytest.mark.parametrize(
    ("right", "func"),
    [
        ("allowsuspenditem", "software.disable"),
        ("allowsuspenditem", "software.enable"),
        ("allowdeleteitem", "software.delete"),
    ],
)
def test_an_account_without_the_right_is_refused(start: Start, right: str, func: str) -> None:
    remote = start(generation=4, account={right: False})
    assert refused(remote, func, elid=1, sok="yes") == ("6", func, None)


def test_an_error_is_a_bare_document_with_a_text(remote: Remote) -> None:
    doc = remote.call("software.edit", **order("203.0.113.1"))
    assert (doc.attrib, tags(doc)) == ({}, ["error"])
    assert (doc[0].attrib, tags(doc[0])) == ({"code": "8"}, [])
    assert doc[0].text == "The license with this IP address already exists"


def test_texts_are_localised(start: Start) -> None:
    doc = start(generation=4, language="ru").call("software.edit", **order("203.0.113.1"))
    assert doc[0].text == "Лицензия с таким IP-адресом уже существует"


def test_the_free_ip_is_never_taken(remote: Remote) -> None:
    for _ in range(2):
        remote.good("software.edit", **order(FREE_IP, price=11, period=16))


def test_an_order_without_money_may_stay_unpaid(start: Start) -> None:
    remote = start(generation=4, account={"balance": "3.99"}, no_money="cart")
    elid = value(remote.good("software.edit", **order("198.51.100.1")), "id")
    bought = next(each for each in remote.good("software") if value(each, "id") == elid)
    assert value(bought, "status") == "1"
    assert (remote.kept["account"]["balance"], remote.kept["charges"]) == ("3.99", [])


def test_an_order_may_tell_its_id_with_a_dot(start: Start) -> None:
    remote = start(generation=4, software_answer="item.id")
    doc = remote.good("software.edit", **order("198.51.100.1"))
    assert tags(doc) == ["ok", "item.id"]
    assert tags(remote.good("software.edit", elid=value(doc, "item.id"), licname="x", sok="ok")) == [
        "ok",
        "id",
    ]


def test_deletion_may_be_unknown(start: Start) -> None:
    remote = start(generation=4, software_delete="unknown")
    assert refused(remote, "software.delete", elid=1) == ("6", "software.delete", None)
    assert [value(each, "status") for each in remote.good("software")] == ["2", "3", "2", "2"]


@pytest.mark.parametrize(("variant", "told"), [("empty", ""), ("zeros", "0000-00-00"), ("word", "unlimited")])
def test_the_expiry_of_a_lifetime_license_is_told_in_one_of_three_ways(
    start: Start, variant: str, told: str
) -> None:
    remote = start(generation=4, lifetime=variant)
    assert [value(each, "expiredate") for each in remote.good("software")] == [
        "2026-12-31",
        "2027-03-01",
        told,
        "2026-11-30",
    ]
    assert value(remote.good("software.edit", elid=3), "expiredate") == told


def test_lists_may_name_their_prices(start: Start) -> None:
    rows = start(generation=4, pricename="rows").good("software")
    assert value(rows[0], "pricename") == "ISPmanager 4 Lite (without support)"


def test_periods_may_have_other_words_for_their_units(start: Start) -> None:
    rows = start(generation=4, per_type="words").good("availableprice.periods", elid=2891)
    assert [value(each, "per_type") for each in rows] == ["trial", "month", "year", "lifetime"]
