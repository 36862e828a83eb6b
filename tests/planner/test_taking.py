"""Taking: the steps from a license of the pool to a child's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cpbillmgr.errors import MaybeDone, Refused
from cpbillmgr.model.changes import Edit, NewKey, Resume
from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.operations import Step
from cpbillmgr.model.services import Status
from cpbillmgr.planner.pool.taking import bears_our_name, next_step, put_back
from tests.planner.nouns import ELSEWHERE, IP, a_license, a_spare, a_take, named_after

TAKE = a_take(steps=())
NAME = named_after("12")
THE_EDIT = Edit("601", name=NAME, ip=IP, remoteid="cpb1-main-12-panel-1")


def ours(**fields: Any) -> License:
    """Return the form of the license once our name is on it."""
    return a_license("601", **{"name": NAME, "status": Status.SUSPENDED, **fields})


@pytest.mark.parametrize(
    ("form", "steps", "expected"),
    [
        (a_spare(), (), (Step.NAMED, THE_EDIT)),
        (a_spare(status=Status.ACTIVE), (), (Step.NAMED, THE_EDIT)),
        (a_spare(), (Step.NAMED, Step.NEW_KEY), (Step.NAMED, THE_EDIT)),
        (ours(), (), (Step.NEW_KEY, NewKey("601"))),
        (ours(), (Step.NAMED,), (Step.NEW_KEY, NewKey("601"))),
        (ours(status=Status.ACTIVE), (Step.NAMED,), (Step.NEW_KEY, NewKey("601"))),
        (ours(), (Step.NAMED, Step.NEW_KEY), (Step.RESUMED, Resume("601"))),
        (ours(), (Step.NAMED, Step.NEW_KEY, Step.RESUMED), (Step.RESUMED, Resume("601"))),
        (ours(status=Status.ACTIVE), (Step.NAMED, Step.NEW_KEY), None),
        (ours(status=Status.ACTIVE), (Step.NEW_KEY,), None),
        (ours(status=Status.ACTIVE), (Step.NAMED, Step.NEW_KEY, Step.RESUMED), None),
    ],
)
def test_the_form_and_the_finished_steps_tell_the_next_step(
    form: License, steps: tuple[Step, ...], expected: tuple[Step, Edit | NewKey | Resume] | None
) -> None:
    assert next_step(replace(TAKE, steps=steps), form) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (a_spare(), (Step.NAMED, THE_EDIT)),
        (ours(), (Step.RESUMED, Resume("601"))),
        (ours(status=Status.ACTIVE), None),
    ],
)
def test_where_there_are_no_keys_none_is_made(
    form: License, expected: tuple[Step, Edit | NewKey | Resume] | None
) -> None:
    assert next_step(TAKE, form, has_keys=False) == expected


@pytest.mark.parametrize(
    "form", [ours(ip=FREE_IP), ours(name=FREE_NAME)], ids=["the name alone", "the address alone"]
)
def test_an_edit_that_took_only_half_is_not_taken_for_done(form: License) -> None:
    assert next_step(replace(TAKE, steps=(Step.NAMED,)), form) == (Step.NAMED, THE_EDIT)


@pytest.mark.parametrize(
    "form",
    [ours(name=named_after("99"), ip=ELSEWHERE), ours(name="somebody's", ip=IP), ours(ip=ELSEWHERE)],
    ids=["another service's", "another name", "another address"],
)
@pytest.mark.parametrize("steps", [(), (Step.NAMED,), (Step.NAMED, Step.NEW_KEY)])
def test_a_license_that_somebody_else_has_taken_gets_no_call(form: License, steps: tuple[Step, ...]) -> None:
    with pytest.raises(Refused):
        next_step(replace(TAKE, steps=steps), form)


@pytest.mark.parametrize("form", [a_spare(), ours(), ours(status=Status.ACTIVE)])
def test_a_license_on_its_way_back_goes_no_step_forward(form: License) -> None:
    with pytest.raises(Refused, match="license 601 is on its way back to the pool"):
        next_step(replace(TAKE, steps=(Step.NAMED, Step.PUT_BACK)), form)


def test_a_license_that_is_still_being_processed_is_looked_at_later() -> None:
    with pytest.raises(MaybeDone, match="license 601 is still being processed"):
        next_step(replace(TAKE, steps=(Step.NAMED, Step.NEW_KEY)), ours(status=Status.PROCESSING))


@pytest.mark.parametrize("renews_itself", [False, None])
def test_a_license_that_does_not_renew_itself_is_left_at_that(*, renews_itself: bool | None) -> None:
    step = next_step(TAKE, a_spare(renews_itself=renews_itself))
    assert step == (Step.NAMED, THE_EDIT)


def test_the_remotes_own_renewal_is_turned_off_or_both_sides_pay() -> None:
    step = next_step(TAKE, a_spare(renews_itself=True))
    assert step == (Step.NAMED, replace(THE_EDIT, autoprolong_off=True))


@pytest.mark.parametrize(
    ("form", "ours_already"),
    [
        (ours(), True),
        (ours(remoteid=None), True),
        (ours(ip=FREE_IP), False),
        (ours(ip=ELSEWHERE), False),
        (ours(name=FREE_NAME), False),
        (a_spare(), False),
    ],
)
def test_name_and_address_together_show_that_the_first_step_is_done(
    form: License, ours_already: bool
) -> None:
    assert bears_our_name(TAKE, form) is ours_already


def test_what_is_put_back_is_free_and_bears_no_mark() -> None:
    assert put_back("601") == Edit("601", name=FREE_NAME, ip=FREE_IP, remoteid="")


SENT = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("ip_changed", "key_changed", "needs_key"),
    [
        (SENT, SENT, False),
        (SENT, None, True),
        (None, SENT, True),
        (SENT, date(2026, 9, 1), True),
        (date(2026, 10, 27), date(2026, 10, 27), False),  # the remote's clock is behind ours
        (date(2026, 9, 1), date(2026, 9, 1), True),  # a remote that does not show the move yet
        (None, None, True),
        (date(2026, 10, 20), date(2026, 10, 20), True),  # rested on the very day on which it was sent
        (date(2026, 10, 21), date(2026, 10, 21), False),
    ],
)
def test_a_key_that_this_take_has_changed_already_is_not_changed_again(
    ip_changed: date | None, key_changed: date | None, needs_key: bool
) -> None:
    take = replace(TAKE, sent_at=datetime(2026, 11, 21, 12, tzinfo=UTC))
    form = ours(status=Status.ACTIVE, ip_changed=ip_changed, key_changed=key_changed)
    assert (next_step(take, form) == (Step.NEW_KEY, NewKey("601"))) is needs_key


def test_a_take_that_was_never_sent_has_changed_no_key() -> None:
    form = ours(status=Status.ACTIVE, ip_changed=SENT, key_changed=SENT)
    assert next_step(replace(TAKE, sent_at=None), form) == (Step.NEW_KEY, NewKey("601"))
