"""Suspend, resume and delete by a person's word: what may be asked for, and what is asked for again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Status
from cpbillmgr.planner import one_license
from cpbillmgr.planner.basis.facts import Facts
from tests.planner.nouns import TODAY, a_child, a_license, an_operation, facts, linked

SUSPENDED = Status.SUSPENDED


def look(license: License) -> Facts:
    return facts(license, links=linked((a_child(), "501")))


@pytest.mark.parametrize("status", [each for each in Status if each not in (Status.ACTIVE, Status.DELETED)])
def test_only_an_active_license_is_suspended(status: Status) -> None:
    with pytest.raises(UsageWrong, match=f"license 501 is {status} already"):
        one_license.suspend("501", look(a_license(status=status)))


@pytest.mark.parametrize("status", [each for each in Status if each not in (SUSPENDED, Status.DELETED)])
def test_only_a_suspended_license_is_resumed(status: Status) -> None:
    with pytest.raises(UsageWrong, match=f"license 501 is {status}, not suspended"):
        one_license.resume("501", look(a_license(status=status)))


@pytest.mark.parametrize("days", [1, None])
def test_a_license_that_is_still_paid_is_resumed(days: int | None) -> None:
    end = None if days is None else TODAY + timedelta(days=days)
    decision = one_license.resume("501", look(a_license(status=SUSPENDED, expires=end)))
    assert (decision.action, decision.license, decision.because) == (
        Action.RESUME,
        "501",
        "it is to start again",
    )
    assert decision.cost is None


@pytest.mark.parametrize("end", [TODAY, TODAY - timedelta(days=1)])
def test_a_license_that_has_ended_is_to_be_renewed_and_not_resumed(end: date) -> None:
    with pytest.raises(UsageWrong, match=f"license 501 has ended on {end}") as caught:
        one_license.resume("501", look(a_license(status=SUSPENDED, expires=end)))
    assert "'cpbillmgr license renew 501'" in caught.value.hint


@pytest.mark.parametrize("license", [None, a_license(status=Status.DELETED)], ids=["not listed", "deleted"])
def test_a_license_that_is_gone_is_not_resumed(license: License | None) -> None:
    with pytest.raises(UsageWrong, match="there is no license 501"):
        one_license.resume("501", look(license or a_license("502")))


@pytest.mark.parametrize("links", [{}, linked((a_child(), "502"))])
def test_a_license_of_no_service_is_not_ours_to_resume(links: dict[tuple[str, str], str]) -> None:
    with pytest.raises(UsageWrong, match="not ours to change"):
        one_license.resume("501", facts(a_license(status=SUSPENDED), links=links))


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.DELETED])
def test_a_license_of_any_state_is_deleted_with_what_is_lost(status: Status) -> None:
    decision = one_license.delete("501", look(a_license(status=status)))
    assert (decision.action, decision.because) == (
        Action.DELETE,
        "it is paid until 2027-01-01, and nothing is paid back",
    )


def test_a_license_without_an_end_is_told_so_before_it_is_deleted() -> None:
    assert one_license.delete("501", look(a_license(expires=None))).because == "it has no end"


def asked_again(action: Action, license: License) -> Decision:
    operation = an_operation(action=action, license="501", state=State.FAILED, cost=None)
    return one_license.again(operation, Rules(), look(license))


@pytest.mark.parametrize(
    ("action", "license"),
    [
        (Action.SUSPEND, a_license()),
        (Action.RESUME, a_license(status=SUSPENDED)),
        (Action.DELETE, a_license()),
        (Action.EDIT, a_license(renews_itself=True)),
    ],
)
def test_what_failed_is_asked_for_again(action: Action, license: License) -> None:
    decision = asked_again(action, license)
    assert (decision.action, decision.license, decision.cost, decision.held) == (action, "501", None, False)


@pytest.mark.parametrize(
    ("action", "license"), [(Action.SUSPEND, a_license(status=SUSPENDED)), (Action.RESUME, a_license())]
)
def test_what_is_so_by_now_is_not_asked_for_again(action: Action, license: License) -> None:
    with pytest.raises(UsageWrong):
        asked_again(action, license)


def test_a_strangers_license_is_not_edited_again() -> None:
    operation = an_operation(action=Action.EDIT, license="501", state=State.FAILED)
    with pytest.raises(UsageWrong, match="not ours to change"):
        one_license.again(operation, Rules(), facts(a_license(renews_itself=True)))
