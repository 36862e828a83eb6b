"""Operations: which states keep a child waiting."""

from __future__ import annotations

import pytest

from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Action


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (State.PLANNED, True),
        (State.SENT, True),
        (State.IN_DOUBT, True),
        (State.ABSENT, True),
        (State.MANUAL, True),
        (State.DONE, False),
        (State.FAILED, False),
    ],
)
def test_a_child_waits_for_every_operation_that_has_not_ended(state: State, is_open: bool) -> None:
    assert state.is_open is is_open


def test_an_operation_tells_its_child() -> None:
    operation = Operation(
        1, "run", Action.ORDER, "isp", "12", "panel", 55227, 1, (), "203.0.113.5", "", "", "", State.PLANNED
    )
    assert operation.key == ("12", "panel")
