"""Protections: what a person has said that no run may touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpbillmgr.errors import UsageWrong
from cpbillmgr.store.state import State
from tests.store.nouns import LATER, NOW, take


def test_protected_licenses_are_there_after_the_program_ended(state: State, path: Path) -> None:
    state.protections.protect("isp", ["501", "502"], NOW)
    with State.open(path, now=LATER, read_only=True) as reader:
        assert reader.protections.all("isp") == {"501", "502"}
        assert reader.protections.all("other") == frozenset()


def test_to_protect_again_changes_nothing(state: State) -> None:
    state.protections.protect("isp", ["501"], NOW)
    before = state.database.total_changes
    state.protections.protect("isp", ["501"], LATER)
    assert state.database.total_changes == before


def test_only_what_is_named_is_unprotected(state: State) -> None:
    state.protections.protect("isp", ["501", "502"], NOW)
    state.protections.protect("other", ["501"], NOW)
    state.protections.unprotect("isp", ["501"])
    assert state.protections.all("isp") == {"502"}
    assert state.protections.all("other") == {"501"}


def test_all_are_unprotected_or_none(state: State) -> None:
    state.protections.protect("isp", ["501"], NOW)
    with pytest.raises(UsageWrong, match="license 999 is not protected"):
        state.protections.unprotect("isp", ["501", "999"])
    assert state.protections.all("isp") == {"501"}


def test_while_an_operation_is_open_its_license_cannot_be_protected_and_so_none_is(state: State) -> None:
    operation = state.journal.plan(take("12", "601"), run="run1", name="Item #12 addon web1", at=NOW)
    with pytest.raises(UsageWrong, match=f"operation {operation.id} of license 601 is still open") as caught:
        state.protections.protect("isp", ["501", "601"], NOW)
    assert f"cpbillmgr operation show {operation.id}" in caught.value.hint
    assert state.protections.all("isp") == frozenset()
    state.journal.failed(operation, "canceled by a person", at=LATER)
    state.protections.protect("isp", ["501", "601"], LATER)
    assert state.protections.all("isp") == {"501", "601"}
