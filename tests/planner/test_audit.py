"""The audit, row by row of its tables; the usual license has 41 of 31 days left, which is 5.29 of 4.00."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cpbillmgr.model.catalogue import LIFETIME, TRIAL
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.money import Money
from cpbillmgr.model.operations import State, Tries
from cpbillmgr.model.plan import Action
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import ON_ITS_OWN, Status, Wish
from cpbillmgr.planner.audit.auditing import audit
from cpbillmgr.planner.audit.findings import Kind
from cpbillmgr.planner.audit.needs import is_told_here
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.following import Standing
from tests.planner.audits import KEY, SERVED, evidence, found, told, wants
from tests.planner.nouns import (
    BILLING,
    ELSEWHERE,
    NOW,
    PRO,
    TODAY,
    a_child,
    a_license,
    a_spare,
    an_operation,
    facts,
    named_after,
    the_mark,
)

SOON = TODAY + timedelta(days=1)
LATELY = TODAY - timedelta(days=3)
FREE = Money(Decimal(0), "EUR")
OWN = (f"{ON_ITS_OWN}{ELSEWHERE}", "55227")


def stands(wish: Wish = Wish.ON, **more: Any) -> Standing:
    return Standing(demands=wants(wish), **more)


def test_what_is_as_it_should_be_is_in_order() -> None:
    assert told(a_license()) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.IN_DOUBT, ("in doubt", "4.00 EUR", "cpbillmgr checkevent")),
        (State.ABSENT, ("in doubt", "4.00 EUR", "cpbillmgr checkevent")),
        (State.MANUAL, ("waits for a person", "4.00 EUR", "cpbillmgr operation restart 7")),
    ],
)
def test_an_open_operation_is_told_once_for_its_child(state: State, expected: tuple[str, str, str]) -> None:
    assert told(links={}, operations=[an_operation(state=state, error="no answer")]) == [expected]


def test_what_nobody_wants_any_more_is_to_be_canceled() -> None:
    look = {"links": {}, "operations": [an_operation(state=State.MANUAL)], "children": ()}
    assert told(**look, standing=Standing())[0][2] == "cpbillmgr operation cancel 7"
    assert told(**look, standing=stands(Wish.GIVEN_UP))[0][2] == "cpbillmgr operation cancel 7"


def test_a_release_that_waits_for_its_day_is_no_dirt() -> None:
    waits = an_operation(
        action=Action.RELEASE, state=State.MANUAL, license="501", failure="remote-limit", cost=None
    )
    (each,) = found(a_license(ip_changed=LATELY), operations=[waits])
    assert (each.kind, each.is_dirt, each.why) == (
        Kind.RELEASING,
        False,
        "it is freed on 2026-12-20 (operation 7)",
    )


@pytest.mark.parametrize(
    ("wish", "license", "expected"),
    [
        (Wish.GIVEN_UP, {"ip_changed": LATELY, "status": Status.SUSPENDED}, ("releasing", "5.29 EUR", "")),
        (
            Wish.GIVEN_UP,
            {"ip_changed": LATELY},
            ("license without service", "5.29 EUR", "cpbillmgr checkevent"),
        ),
        (Wish.GIVEN_UP, {}, ("license without service", "5.29 EUR", "cpbillmgr checkevent")),
    ],
)
def test_what_is_given_up_is_told_until_it_is_freed(
    wish: Wish, license: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    assert told(a_license(**license), children=(), standing=stands(wish)) == [expected]


@pytest.mark.parametrize("licenses", [(), (a_license(status=Status.DELETED),)])
def test_a_vanished_license_is_told_with_what_another_costs(licenses: tuple[Any, ...]) -> None:
    expected = ("linked to vanished", "4.00 EUR", "cpbillmgr fixchilds --service 12")
    assert told(*licenses) == [expected]


def test_a_vanished_license_that_nobody_wants_is_to_be_unlinked() -> None:
    assert told(children=(), standing=stands(Wish.GIVEN_UP)) == [
        ("linked to vanished", "", "cpbillmgr license unlink 501")
    ]


def test_a_vanished_license_with_another_in_the_way_is_for_a_person() -> None:
    (each, *_) = found(a_license("502", tariff=PRO))
    assert (each.kind, each.mend, "502" in each.why) == (Kind.VANISHED, "", True)


@pytest.mark.parametrize(
    ("look", "served", "known", "answer"),
    [
        ({"links": {KEY: "501"}}, set(), {KEY}, True),
        ({"elsewhere": frozenset({KEY})}, {"12"}, set(), False),
        ({}, set(), set(), False),
        ({}, {"12"}, {KEY}, False),
        ({}, {"12"}, set(), True),
    ],
    ids=["license here", "license elsewhere", "not served", "known", "nobody's"],
)
def test_a_wish_that_cannot_be_met_is_told_once(
    look: dict[str, Any], served: set[str], known: set[Key], answer: bool
) -> None:
    assert is_told_here(KEY, facts(**look), served, known) is answer


def test_a_name_that_nobody_knows_is_told_by_what_the_service_has() -> None:
    look: dict[str, Any] = {"children": (), "unmet": {KEY: "it means nothing"}}
    assert told(a_license(tariff=PRO), **look) == [
        ("unknown name", "5.29 EUR", "cpbillmgr service set 12 panel=55228")
    ]
    assert told(links={}, **look) == [("unknown name", "", "")]


def test_a_name_of_another_service_contradicts_a_link() -> None:
    other = a_child("13")
    children = (SERVED, other)
    mistaken = a_license(name=named_after("13"), ip=other.ip)
    relink = "cpbillmgr license unlink 501 && cpbillmgr license link 501 13 panel"
    assert told(mistaken, children=children) == [
        ("contradicted link", "5.29 EUR", f"{relink} && cpbillmgr fixchilds --service 12")
    ]
    assert told(a_license(name=named_after("13")), children=children)[0] == (
        "contradicted link",
        "5.29 EUR",
        "",
    )
    assert told(a_license(name=named_after("12")), children=children)[0][0] == "service without license"


def test_a_remote_id_weighs_more_than_a_name() -> None:
    assert told(a_license(name=named_after("13"), remoteid=the_mark(SERVED))) == []
    (each,) = found(a_license(name=named_after("12"), remoteid=the_mark(a_child("13"))))
    assert (each.kind, each.why) == (
        Kind.CONTRADICTED,
        "it is linked to service 12, and its remote id is that of service 13; put that right at the remote",
    )
    (each,) = found(a_license(remoteid=the_mark(SERVED, "theirs")))
    assert (each.kind, "12 of theirs" in each.why) == (Kind.CONTRADICTED, True)


@pytest.mark.parametrize(
    ("second", "mend"),
    [
        ({"remoteid": the_mark(SERVED, generation=2)}, "cpbillmgr checkevent"),
        ({"name": named_after("12")}, "cpbillmgr license protect 502"),
        ({"ip": SERVED.ip}, "cpbillmgr license protect 502"),
    ],
)
def test_a_second_license_for_one_need_is_a_double(second: dict[str, Any], mend: str) -> None:
    other = a_license("502", **{"ip": ELSEWHERE, **second})
    assert told(a_license(), other) == [("double", "5.29 EUR", mend)]


@pytest.mark.parametrize(
    "second",
    [
        {"tariff": BILLING, "ip": SERVED.ip},  # another product
        {"name": named_after("12"), "tariff": PRO},  # it may serve another add-on
        {"name": "free.lic"},
    ],
)
def test_what_serves_something_else_is_no_double(second: dict[str, Any]) -> None:
    assert [kind for kind, *_ in told(a_license(), a_license("502", **{"ip": ELSEWHERE, **second}))] == [
        "stranger"
    ]


def test_a_protected_double_is_as_a_person_wants_it() -> None:
    (each,) = found(a_license(), a_license("502"), protected=frozenset({"502"}))
    assert (each.kind, each.is_dirt, each.mend) == (Kind.DOUBLE, False, "")


def test_what_the_remote_renews_by_itself_is_told() -> None:
    renewing = a_license(renews_itself=True)
    assert told(renewing) == [("renewing for nobody", "4.00 EUR", "cpbillmgr checkevent")]
    nobody: dict[str, Any] = {"children": (), "standing": Standing()}
    assert told(renewing, **nobody)[0][2] == "cpbillmgr license unlink 501"
    assert told(renewing, **nobody, bought=frozenset({"501"}))[0][2] == "cpbillmgr license release 501"
    assert told(a_license(), a_spare(renews_itself=True)) == [("renewing for nobody", "4.00 EUR", "")]


@pytest.mark.parametrize(
    ("license", "bought", "expected"),
    [
        ({}, False, ("adopted without service", "cpbillmgr license unlink 501")),
        ({}, True, ("license without service", "cpbillmgr license release 501")),
        (
            {"remoteid": the_mark(SERVED)},
            False,
            ("license without service", "cpbillmgr license release 501"),
        ),
        ({"period": TRIAL}, True, ("license without service", "cpbillmgr license delete 501")),
    ],
)
def test_a_link_to_a_service_that_is_not_there_tells_ours_from_adopted(
    license: dict[str, Any], bought: bool, expected: tuple[str, str]
) -> None:
    ours = frozenset({"501"}) if bought else frozenset[str]()
    ((kind, _, mend),) = told(a_license(**license), children=(), standing=Standing(), bought=ours)
    assert (kind, mend) == expected


def test_our_mark_on_what_is_linked_to_nothing_is_told() -> None:
    orphan = a_license("502", ip=ELSEWHERE, remoteid=the_mark(a_child("99")))
    assert told(a_license(), orphan) == [
        ("license without service", "5.29 EUR", "cpbillmgr license link 502 SERVICE")
    ]
    theirs = a_license("502", ip=ELSEWHERE, remoteid=the_mark(a_child("99"), "theirs"))
    assert told(a_license(), theirs) == [("stranger", "5.29 EUR", "")]


def test_another_tariff_is_brought_about_by_fixchilds() -> None:
    brought = "cpbillmgr fixchilds --service 12"
    assert told(a_license(tariff=PRO)) == [("wrong tariff", "0.00 EUR", brought)]
    assert told(a_license(tariff=BILLING)) == [("wrong tariff", "", brought)]  # dollars, and euros
    old = Rules(generation=Generation.FOUR)
    assert told(a_license(tariff=BILLING), rules=old)[0][2] == brought
    assert told(a_license(tariff=PRO), rules=old)[0][2] == f"cpbillmgr license release 501 && {brought}"
    (each,) = found(a_license(tariff=PRO, ip_changed=LATELY), rules=old)
    assert (each.mend, each.why.endswith("it can be given up from 2026-12-20")) == ("", True)


def test_the_tariff_of_a_service_that_is_not_active_is_of_no_matter_yet() -> None:
    assert told(a_license(tariff=PRO, status=Status.SUSPENDED), standing=stands(Wish.OFF)) == []


@pytest.mark.parametrize(
    ("license", "ip", "mend", "why"),
    [
        ({}, ELSEWHERE, f"cpbillmgr license move 501 {ELSEWHERE}", f"service 12 is on {ELSEWHERE}"),
        ({"ip_changed": LATELY}, ELSEWHERE, "", "it can be moved from 2026-12-20"),
        ({"key_changed": LATELY}, ELSEWHERE, f"cpbillmgr license move 501 {ELSEWHERE}", "is on"),
        ({}, "10.0.0.1", "", "10.0.0.1 is not a public address"),
    ],
)
def test_a_license_on_another_address_is_moved_where_and_when_it_may(
    license: dict[str, Any], ip: str, mend: str, why: str
) -> None:
    (each,) = found(a_license(**license), standing=Standing(demands=wants(ip=ip)))
    assert (each.kind, each.mend, why in each.why) == (Kind.WRONG_IP, mend, True)


@pytest.mark.parametrize(
    ("wish", "status", "followed", "mend"),
    [
        (Wish.ON, Status.SUSPENDED, Status.ACTIVE, "cpbillmgr license resume 501"),
        (Wish.ON, Status.SUSPENDED, None, "cpbillmgr checkevent"),
        (Wish.OFF, Status.ACTIVE, Status.SUSPENDED, "cpbillmgr license suspend 501"),
        (Wish.OFF, Status.ACTIVE, Status.ACTIVE, "cpbillmgr checkevent"),
        (Wish.ON, Status.ACTIVE, None, None),
        (Wish.OFF, Status.SUSPENDED, None, None),
        (Wish.LATER, Status.SUSPENDED, None, None),
        (Wish.ON, Status.PROCESSING, None, None),
    ],
)
def test_a_license_that_does_not_do_as_its_service_is_told(
    wish: Wish, status: Status, followed: Status | None, mend: str | None
) -> None:
    standing = stands(wish, followed={KEY: followed} if followed else {})
    expected = [] if mend is None else [("status drift", "5.29 EUR", mend)]
    assert told(a_license(status=status), standing=standing) == expected


def test_a_license_in_the_cart_is_paid_for_at_the_remote() -> None:
    assert told(a_license(status=Status.ORDERED)) == [("status drift", "4.00 EUR", "")]


@pytest.mark.parametrize(
    ("license", "expected"),
    [
        ({"expires": TODAY}, ("not renewed", "4.00 EUR", "cpbillmgr license renew 501")),
        ({"expires": SOON}, ("expiring", "4.00 EUR", "cpbillmgr checkevent")),
        ({"expires": TODAY + timedelta(days=2)}, None),
        ({"expires": TODAY + timedelta(days=14), "period": TRIAL}, ("not renewed", "", "")),
        ({"expires": TODAY + timedelta(days=15), "period": TRIAL}, None),
        ({"expires": TODAY + timedelta(days=14), "cost": FREE}, ("not renewed", "", "")),
        ({"expires": SOON, "tariff": 4711, "tariff_name": "ispmanager of old"}, ("not renewed", "", "")),
        ({"expires": None, "period": LIFETIME}, None),
    ],
)
def test_what_ends_is_told_when_nothing_renews_it(
    license: dict[str, Any], expected: tuple[str, str, str] | None
) -> None:
    children = () if "tariff" in license else (SERVED,)
    assert told(a_license(**license), children=children) == ([expected] if expected else [])


def test_a_renewal_that_failed_is_told_with_its_reason() -> None:
    tries = {("501", Action.RENEW): Tries(3, NOW, "money", "no money", 7)}
    (each,) = found(a_license(expires=SOON), standing=stands(tries=tries))
    assert (each.kind, "its renewal failed: no money" in each.why) == (Kind.NOT_RENEWED, True)


def test_what_belongs_to_no_service_or_is_protected_is_renewed_by_a_person() -> None:
    ends = a_license(expires=TODAY + timedelta(days=7))
    renew = "cpbillmgr license renew 501"
    assert told(ends, links={OWN: "501"}, children=()) == [("not renewed", "4.00 EUR", renew)]
    (each,) = found(ends, protected=frozenset({"501"}))
    assert (each.kind, each.is_dirt) == (Kind.NOT_RENEWED, True)
    assert each.mend == f"cpbillmgr license unprotect 501 && {renew}"
    later = a_license(expires=TODAY + timedelta(days=8))
    assert told(later, links={OWN: "501"}, children=()) == []
    assert told(later, protected=frozenset({"501"})) == []


def test_another_period_is_told_where_the_next_renewal_changes_it_and_nobody_is_to_pay_before() -> None:
    yearly = (a_child(period=12),)
    assert told(a_license(), children=yearly) == [("wrong period", "40.00 EUR", "")]
    assert told(a_license(period=12, expires=TODAY + timedelta(days=200)), children=yearly) == []
    stopped = a_license(status=Status.SUSPENDED)
    assert told(stopped, children=yearly, standing=stands(Wish.OFF)) == []


def test_what_fixchilds_holds_is_for_a_person() -> None:
    (each,) = found(links={}, children=(a_child(ip=""),))
    assert (each.kind, each.mend, each.why) == (
        Kind.WITHOUT_LICENSE,
        "",
        "service 12 has no address yet",
    )


@pytest.mark.parametrize(
    ("spare", "expected"),
    [
        ({}, "in the pool, paid for 41 days more, until 2027-01-01"),
        ({"expires": TODAY + timedelta(days=1)}, "in the pool, paid for 1 day more, until 2026-11-22"),
        (
            {"ip_changed": LATELY},
            "in the pool, paid for 41 days more, until 2027-01-01, to be used from 2026-12-20",
        ),
        ({"expires": None, "period": LIFETIME}, "in the pool, without an end"),
        ({"expires": TODAY}, None),
        ({"status": Status.DELETED}, None),
    ],
)
def test_the_pool_is_told_while_it_is_paid(spare: dict[str, Any], expected: str | None) -> None:
    told_of = [(each.kind, each.why) for each in found(a_license(), a_spare(**spare))]
    assert told_of == ([(Kind.IDLE, expected)] if expected else [])


def test_where_there_are_several_remotes_commands_about_a_license_name_theirs() -> None:
    look: dict[str, Any] = {"option": ("--remote", "isp"), "standing": Standing(demands=wants(ip=ELSEWHERE))}
    assert told(a_license(), **look)[0][2] == f"cpbillmgr license move 501 {ELSEWHERE} --remote isp"


def test_a_license_has_one_finding_the_most_specific_one() -> None:
    bad = a_license(tariff=PRO, ip=ELSEWHERE, status=Status.SUSPENDED, expires=SOON, renews_itself=True)
    assert [kind for kind, *_ in told(bad)] == ["renewing for nobody"]


def test_every_class_is_told_of_in_the_table() -> None:
    table = (Kind.__doc__ or "").splitlines()
    for kind in Kind:
        (row,) = (line for line in table if line.strip().startswith(f"{kind}  "))
        assert row.partition(kind)[2].split()[0] == ("yes" if kind.is_dirt else "no"), kind


def test_of_several_remotes_each_is_told_in_turn_and_a_license_of_the_same_id_at_each() -> None:
    everywhere = [evidence(a_license(renews_itself=True), remote=remote) for remote in ("first", "second")]
    clean = evidence(a_license(), remote="third")
    whole = audit([*everywhere, clean])
    assert [(each.remote, each.kind, each.license) for each in whole.findings] == [
        ("first", Kind.RENEWING, "501"),
        ("second", Kind.RENEWING, "501"),
    ]
    assert (whole.remotes, whole.in_order, whole.is_clean) == (("first", "second", "third"), 1, False)
    assert audit([clean]).is_clean
