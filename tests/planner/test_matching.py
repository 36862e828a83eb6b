"""Matching: which license a child has already, though no link says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.catalogue import LIFETIME
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.matching import Match, match
from tests.planner.nouns import (
    BUSINESS,
    ELSEWHERE,
    IP,
    LITE,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_take,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD = a_child("12")
MARK = the_mark(CHILD)


def the_match(*licenses: License, child: Child = CHILD, **fields: Any) -> Match | None:
    """Return what a child that wants a license alone is matched to."""
    return match([child], facts(*licenses, **fields), "main").get(child.key)


def matched(*licenses: License, children: tuple[Child, ...] = (CHILD,), **fields: Any) -> list[str | None]:
    """Return the ids of the licenses that children are matched to; ``None`` where a person decides."""
    found = match(children, facts(*licenses, **fields), "main")
    chosen = [found[child.key].license for child in children]
    return [None if license is None else license.id for license in chosen]


@pytest.mark.parametrize("fields", [{"remoteid": MARK}, {}, {"ip": ELSEWHERE, "name": named_after("12")}])
def test_what_was_unlinked_by_hand_is_linked_by_no_rule(fields: dict[str, Any]) -> None:
    license = a_license(**fields)
    assert matched(license) == ["501"]
    assert the_match(license, unlinked=frozenset({"501"})) is None


@pytest.mark.parametrize(
    ("fields", "because"),
    [
        ({"remoteid": MARK, "ip": ELSEWHERE}, "license 501 carries its mark"),
        ({"remoteid": the_mark(CHILD, generation=3), "ip": ELSEWHERE}, "license 501 carries its mark"),
        ({"remoteid": MARK, "status": Status.PROCESSING}, "license 501 carries its mark"),
        ({"remoteid": MARK, "status": Status.ORDERED}, "license 501 carries its mark"),
        ({"remoteid": MARK, "name": named_after("99")}, "license 501 carries its mark"),
        ({}, f"license 501 is already paid for {IP}"),
        ({"status": Status.SUSPENDED}, f"license 501 is already paid for {IP}"),
        ({"remoteid": None}, f"license 501 is already paid for {IP}"),
        ({"remoteid": "a17"}, f"license 501 is already paid for {IP}"),
        (
            {"name": named_after("12"), "ip": ELSEWHERE},
            f"license 501 is named after service 12, though its address is {ELSEWHERE}",
        ),
        (
            {"name": 'Item #"12" addon old name', "ip": ELSEWHERE, "status": Status.PROCESSING},
            f"license 501 is named after service 12, though its address is {ELSEWHERE}",
        ),
    ],
)
def test_a_license_of_the_tariff_is_found_by_mark_address_or_name(
    fields: dict[str, Any], because: str
) -> None:
    license = a_license(**fields)
    assert the_match(license) == Match(license, because)


@pytest.mark.parametrize(
    "fields",
    [
        {"ip": ELSEWHERE},
        {"tariff": PRO},
        {"tariff": PRO, "name": named_after("12"), "ip": ELSEWHERE},
        {"tariff": None},
        {"status": Status.DELETED},
        {"status": Status.DELETED, "remoteid": MARK},
        {"status": Status.DELETED, "name": named_after("12")},
        {"status": Status.ORDERED},
        {"status": Status.PROCESSING},
        {"remoteid": the_mark(a_child("13"))},
        {"remoteid": the_mark(a_child("12", "backup"))},
        {"remoteid": the_mark(a_child("13")), "name": named_after("12")},
        {"name": named_after("1"), "ip": ELSEWHERE},
        {"name": named_after("120"), "ip": ELSEWHERE},
        {"name": FREE_NAME, "ip": FREE_IP, "remoteid": MARK},
    ],
)
def test_what_is_not_the_childs_is_not_matched(fields: dict[str, Any]) -> None:
    assert the_match(a_license(**fields)) is None


@pytest.mark.parametrize(
    "owner",
    [
        {"links": linked((a_child("13"), "501"))},
        {"operations": [a_take(a_child("13"), "501")]},
    ],
    ids=["linked", "being taken"],
)
def test_a_license_that_somebody_owns_is_not_matched(owner: dict[str, Any]) -> None:
    for way in ({"remoteid": MARK}, {}, {"name": named_after("12"), "ip": ELSEWHERE}):
        assert the_match(a_license(**way), **owner) is None


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"name": named_after("12"), "status": Status.SUSPENDED}, {"expires": None, "period": LIFETIME}),
        ({"expires": TODAY}, {"status": Status.SUSPENDED, "expires": date(2030, 1, 1)}),
        ({"expires": date(2027, 2, 1)}, {"expires": date(2027, 1, 31)}),
        ({"expires": None}, {"expires": date(2030, 1, 1)}),
    ],
    ids=["name before status", "active before expiry", "later expiry", "no end at all"],
)
@pytest.mark.parametrize("ids", [("501", "502"), ("502", "501")])
@pytest.mark.parametrize("marked", [False, True])
def test_of_several_licenses_the_best_is_chosen(
    better: dict[str, Any], worse: dict[str, Any], ids: tuple[str, str], marked: bool
) -> None:
    remoteid = MARK if marked else ""
    good, bad = a_license(ids[0], remoteid=remoteid, **better), a_license(ids[1], remoteid=remoteid, **worse)
    assert matched(good, bad) == matched(bad, good) == [good.id]


def test_the_best_of_several_is_the_one_that_is_told() -> None:
    better, worse = a_license("502"), a_license("501", status=Status.SUSPENDED)
    assert the_match(worse, better) == Match(better, f"license 502 is already paid for {IP}")


def test_a_second_license_with_the_same_mark_is_told() -> None:
    found = the_match(a_license("501", remoteid=MARK), a_license("502", remoteid=MARK, expires=TODAY))
    assert found is not None
    assert found.because == "license 501 carries its mark, and so does 502"


def test_a_mark_on_a_license_of_another_tariff_leaves_it_to_a_person() -> None:
    found = the_match(a_license("501", tariff=PRO, remoteid=MARK), a_license("502"))
    assert found == Match(None, "license 501 carries its mark but is ispmanager 6 pro")
    two = (a_license("501", tariff=PRO, remoteid=MARK), a_license("502", tariff=BUSINESS, remoteid=MARK))
    assert the_match(*two) == found
    unnamed = the_match(a_license("501", tariff=99, remoteid=MARK))
    assert unnamed == Match(None, "license 501 carries its mark but is 99")


def test_equal_licenses_on_an_address_leave_it_to_a_person() -> None:
    found = the_match(a_license("502"), a_license("501"))
    assert found == Match(None, f"licenses 501, 502 would fit {IP} alike, and none is better than the others")


@pytest.mark.parametrize("licenses", [("501",), ("501", "502")])
def test_services_that_share_an_address_leave_it_to_a_person(licenses: tuple[str, ...]) -> None:
    children = (CHILD, a_child("13", ip=IP))
    found = match(children, facts(*map(a_license, licenses)), "main")
    reason = "services 12 panel, 13 panel want the same license: they share an address or a name"
    assert found == {child.key: Match(None, reason) for child in children}


def test_services_that_share_an_address_but_no_tariff_do_not_compete() -> None:
    children = (CHILD, a_child("13", ip=IP, tariff=PRO))
    assert matched(a_license("501", tariff=PRO), a_license("502"), children=children) == ["502", "501"]


def test_a_mark_decides_for_one_of_those_who_share_an_address() -> None:
    other = a_child("13", ip=IP)
    marked, unmarked = a_license("501", remoteid=the_mark(other)), a_license("502")
    assert matched(marked, unmarked, children=(CHILD, other)) == ["502", "501"]


def test_each_pass_goes_over_all_children_before_the_next_one_begins() -> None:
    """The license bears 12's number but stands where 13 is: 13 comes first, whatever the order."""
    other = a_child("13")
    license = a_license(name=named_after("12"), ip=other.ip)
    for children in ((CHILD, other), (other, CHILD)):
        found = match(children, facts(license), "main")
        assert {key: each.license for key, each in found.items()} == {other.key: license}


def test_the_license_on_the_address_is_preferred_to_one_that_only_bears_the_name() -> None:
    named = a_license("501", name=named_after("12"), ip=ELSEWHERE, expires=date(2030, 1, 1))
    assert matched(named, a_license("502")) == ["502"]


def test_of_several_licenses_with_the_name_the_best_is_chosen() -> None:
    older = a_license("501", name=named_after("12"), ip=ELSEWHERE)
    later = a_license("502", name=named_after("12"), ip=ELSEWHERE, expires=date(2030, 1, 1))
    assert matched(older, later) == matched(later, older) == ["502"]


@pytest.mark.parametrize(
    "fields", [{}, {"name": named_after("12"), "ip": ELSEWHERE}], ids=["on the address", "by the name"]
)
def test_a_license_with_another_installations_mark_is_not_ours(fields: dict[str, Any]) -> None:
    foreign = the_mark(CHILD, installation="branch")
    assert the_match(a_license(remoteid=foreign, **fields)) is None


def test_one_license_named_after_a_service_is_not_given_to_two_of_its_addons() -> None:
    children = (CHILD, a_child("12", "ispmgr"))
    license = a_license(name=named_after("12"), ip=ELSEWHERE)
    found = match(children, facts(license), "main")
    assert [each.license for each in found.values()].count(license) <= 1


@pytest.mark.parametrize("ip", ["", FREE_IP])
def test_a_child_without_an_address_does_not_get_a_license_without_one(ip: str) -> None:
    license = a_license(name=named_after("99"), ip=ip)
    assert the_match(license, child=a_child("12", ip=ip)) is None


CHILDREN = st.lists(
    st.builds(
        a_child,
        st.sampled_from(["12", "13", "14"]),
        st.sampled_from(["panel", "ispmgr"]),
        ip=st.sampled_from([IP, "203.0.113.13", ""]),
        tariff=st.sampled_from([LITE, PRO]),
    ),
    unique_by=lambda child: child.key,
)
LICENSES = st.lists(
    st.builds(
        a_license,
        name=st.sampled_from(["bought by hand", named_after("12"), named_after("13"), FREE_NAME]),
        ip=st.sampled_from([IP, "203.0.113.13", ELSEWHERE, FREE_IP]),
        tariff=st.sampled_from([LITE, PRO]),
        status=st.sampled_from(Status),
        expires=st.dates(TODAY, TODAY + timedelta(days=1)),
        remoteid=st.sampled_from([None, "", MARK, the_mark(a_child("13")), the_mark(CHILD, "branch")]),
    ),
    max_size=6,
)


@given(CHILDREN, LICENSES, st.sets(st.integers(0, 5)))
def test_no_license_is_matched_twice_and_none_that_is_owned_gone_free_or_of_another_tariff(
    children: list[Child], rows: list[License], owned: set[int]
) -> None:
    licenses = [replace(row, id=str(number)) for number, row in enumerate(rows)]
    links = linked(*((a_child(f"9{number}"), str(number)) for number in owned))
    found = match(children, facts(*licenses, links=links), "main")
    given_out = [each.license for each in found.values() if each.license is not None]
    assert len({license.id for license in given_out}) == len(given_out)
    for child in children:
        license = found[child.key].license if child.key in found else None
        if license is not None:
            assert license.tariff == child.tariff
            assert license.status is not Status.DELETED
            assert not license.is_free
            assert license.id not in links.values()
