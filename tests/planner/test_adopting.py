"""Adopting: which license may become a child's by a person's word, and which may by its address."""

from __future__ import annotations

from typing import Any

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import License, Link
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Plan
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.adopting import adopt_by_address, adopt_named, link_one
from tests.planner.nouns import (
    ELSEWHERE,
    IP,
    PRO,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD, OTHER = a_child(), a_child("13")


def the_link(*licenses: License, child: Child = CHILD, force: bool = False, **fields: Any) -> Plan:
    """Return the plan that links license 501 to a child."""
    return link_one("501", child, facts(*licenses, **fields), "main", force=force)


def refusal(*licenses: License, **fields: Any) -> str:
    with pytest.raises(UsageWrong) as caught:
        the_link(*licenses, **fields)
    return str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"status": Status.SUSPENDED},
        {"status": Status.PROCESSING},
        {"remoteid": None},
        {"remoteid": "a17"},
        {"remoteid": the_mark(CHILD)},
        {"remoteid": the_mark(CHILD, generation=2)},
        {"name": named_after("99")},
        {"period": 12},
    ],
    ids=str,
)
def test_what_fits_is_linked(fields: dict[str, Any]) -> None:
    (decision,) = the_link(a_license(**fields)).to_do
    assert (decision.action, decision.license, decision.cost) == (Action.LINK, "501", None)
    assert decision.because == "by a person's word"


def test_what_a_person_has_unlinked_or_protected_is_linked_by_a_persons_word() -> None:
    said = frozenset({"501"})
    assert len(the_link(a_license(), unlinked=said, protected=said).to_do) == 1


def test_what_is_linked_already_is_in_sync() -> None:
    assert the_link(a_license(), links=linked((CHILD, "501"))) == Plan("isp", in_sync=1)


@pytest.mark.parametrize(
    ("licenses", "fields", "told"),
    [
        ([], {}, "there is no license 501 on the account"),
        ([a_license(status=Status.DELETED)], {}, "there is no license 501 on the account"),
        ([a_license()], {"links": linked((OTHER, "501"))}, "license 501 is linked to service 13"),
        (
            [a_license(), a_license("502")],
            {"links": linked((CHILD, "502"))},
            "service 12, add-on panel, has license 502.",
        ),
        (
            [a_license()],
            {"links": linked((CHILD, "502"))},
            "has license 502, which is gone from the account. 'cpbillmgr license unlink 502' makes room",
        ),
        ([a_license()], {"elsewhere": {CHILD.key}}, "has a license at another remote"),
        (
            [a_license()],
            {"operations": [an_operation(OTHER, action=Action.RELEASE, license="501")]},
            "operation 7 of service 13 is still open",
        ),
        ([a_license()], {"operations": [an_operation(CHILD)]}, "operation 7 of service 12 is still open"),
        (
            [a_license(remoteid=the_mark(OTHER))],
            {"operations": [an_operation(OTHER, state=State.ABSENT)]},
            "operation 7 of service 13 is still open",
        ),
        ([a_spare("501")], {}, "license 501 lies in the pool"),
        ([a_license(status=Status.ORDERED)], {}, "license 501 is not paid yet"),
    ],
)
@pytest.mark.parametrize("force", [False, True])
def test_what_is_taken_gone_or_in_doubt_is_refused_whatever_is_said(
    licenses: list[License], fields: dict[str, Any], told: str, force: bool
) -> None:
    assert told in refusal(*licenses, force=force, **fields)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"tariff": PRO}, f"is of tariff {PRO} ispmanager 6 pro, and service 12 wants 55227"),
        ({"tariff": None}, "is of tariff unknown"),
        ({"ip": ELSEWHERE}, f"is on {ELSEWHERE}, and service 12 on {IP}"),
        ({"remoteid": the_mark(OTHER)}, "carries the mark of service 13, add-on panel"),
        ({"remoteid": the_mark(CHILD, "other")}, "carries the mark of the installation 'other'"),
    ],
)
def test_what_does_not_fit_is_refused_and_linked_by_force_which_is_told(
    fields: dict[str, Any], told: str
) -> None:
    license = a_license(**fields)
    refused = refusal(license)
    assert told in refused
    assert "'cpbillmgr license link 501 12 panel --force' links it all the same" in refused
    (decision,) = the_link(license, force=True).to_do
    assert decision.because.startswith("by a person's word, though it ")
    assert told in decision.because


def test_an_addon_of_several_words_is_told_as_a_shell_needs_it() -> None:
    refused = refusal(a_license(ip=ELSEWHERE), child=a_child(addon="control panel"))
    assert """'cpbillmgr license link 501 12 "control panel" --force'""" in refused


def test_everything_that_does_not_fit_is_told_at_once() -> None:
    told = refusal(a_license(tariff=PRO, ip=ELSEWHERE))
    assert f"wants 55227, and is on {ELSEWHERE}" in told


def test_a_child_without_address_wants_a_persons_word() -> None:
    assert "service 12 on no address yet" in refusal(a_license(), child=a_child(ip=""))


def adopted(claims: dict[int, Link], *licenses: License, **fields: Any) -> tuple[Plan, dict[int, str]]:
    children = [CHILD, OTHER, a_child("14"), a_child("14", "billmgr")]
    look = facts(*licenses, **fields)
    plan, wrong = adopt_named(claims, children, {"12", "13", "14", "15"}, look, "main")
    return plan, {line: error.message for line, error in wrong}


def claim(license: str, service: str, addon: str = "") -> Link:
    return Link("isp", license, service, addon)


def test_claims_that_can_be_met_are_linked_and_those_that_are_so_already_counted() -> None:
    licenses = [a_license(), a_license("502", ip="203.0.113.13"), a_license("503", ip="203.0.113.14")]
    claims = {2: claim("501", "12"), 3: claim("502", "13", "panel"), 4: claim("503", "14", "billmgr")}
    plan, wrong = adopted(claims, *licenses, links=linked((CHILD, "501")))
    assert wrong == {}
    assert plan.in_sync == 1
    assert [(each.child.key, each.license) for each in plan.to_do] == [
        (("13", "panel"), "502"),
        (("14", "billmgr"), "503"),
    ]


def test_every_claim_that_cannot_be_met_is_told_by_its_line() -> None:
    claims = {
        2: claim("501", "12"),
        3: claim("502", "12", "panel"),
        4: claim("503", "99"),
        5: claim("503", "15"),
        6: claim("503", "14"),
        7: claim("999", "13"),
    }
    plan, wrong = adopted(claims, a_license(), a_license("502"), a_license("503"))
    assert [each.license for each in plan.to_do] == ["501"]
    assert wrong == {
        3: "service 12, add-on panel, gets a license on line 2 already",
        4: "there is no service '99'",
        5: "service 15 asks for no license",
        6: "service 14 asks for several licenses",
        7: "there is no license 999 on the account",
    }


def by_address(*licenses: License, **fields: Any) -> list[tuple[str, str | None]]:
    plan = adopt_by_address([CHILD, OTHER], facts(*licenses, **fields), "main")
    return [(each.child.service, each.license) for each in plan.decisions]


def test_a_stranger_on_the_address_of_one_service_is_adopted() -> None:
    assert by_address(a_license(), a_license("502", ip=ELSEWHERE)) == [("12", "501")]


@pytest.mark.parametrize(
    "license",
    [
        a_license(tariff=PRO),
        a_license(remoteid=the_mark(CHILD)),
        a_license(remoteid=the_mark(CHILD, "other")),
        a_license(ip=ELSEWHERE, name=named_after("12")),
        a_license(status=Status.PROCESSING),
        a_license(status=Status.DELETED),
    ],
    ids=["another tariff", "our mark", "another's mark", "only the name", "not ready", "deleted"],
)
def test_anything_else_is_not_adopted_by_its_address(license: License) -> None:
    assert by_address(license) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"unlinked": frozenset({"501"})},
        {"operations": [an_operation()]},
        {"links": linked((CHILD, "999"))},
        {"links": linked((OTHER, "501"))},
        {"elsewhere": frozenset({CHILD.key})},
    ],
    ids=["unlinked by hand", "open operation", "link to a gone one", "linked", "at another remote"],
)
def test_what_is_spoken_for_is_not_adopted_by_its_address(fields: dict[str, Any]) -> None:
    assert by_address(a_license(), **fields) == []


def test_two_alike_on_an_address_are_left_to_a_person() -> None:
    plan = adopt_by_address([CHILD], facts(a_license(), a_license("502")), "main")
    (decision,) = plan.decisions
    assert (decision.held, decision.license) == (True, None)
    assert "501, 502" in decision.because
