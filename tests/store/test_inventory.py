from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cpbillmgr.errors import StateUnusable, UsageWrong
from cpbillmgr.store.state import State
from tests.store.nouns import BACKUP, NOW, PANEL, WEB1, WEB2


def test_what_was_put_is_read_back_by_another_process(state: State, path: Path) -> None:
    state.inventory.put([WEB2, WEB1])
    with State.open(path, now=NOW, read_only=True) as reader:
        assert reader.inventory.services() == [WEB1, WEB2]
        assert reader.inventory.service("13") == WEB2


def test_services_with_and_without_add_ons_keep_their_own(state: State) -> None:
    services = [replace(WEB1, id=str(n), addons=(PANEL, BACKUP)[: n % 3]) for n in range(10, 30)]
    state.inventory.put(services)
    assert state.inventory.services() == services


def test_add_ons_keep_their_order(state: State) -> None:
    turned = replace(WEB1, addons=(BACKUP, PANEL))
    state.inventory.put([turned])
    assert state.inventory.service("12").addons == (BACKUP, PANEL)


def test_put_counts_what_was_added_changed_and_left(state: State) -> None:
    assert state.inventory.put([WEB1, WEB2]) == (2, 0, 0)
    changed = replace(WEB1, addons=(PANEL,))
    services = [changed, WEB2, replace(WEB2, id="14")]
    assert state.inventory.compare(services) == (1, 1, 1)
    assert state.inventory.put(services) == (1, 1, 1)
    assert state.inventory.service("12") == changed


def test_putting_the_same_again_writes_no_row(state: State) -> None:
    state.inventory.put([WEB1, WEB2])
    before = state.database.total_changes
    assert state.inventory.put([WEB1, WEB2]) == (0, 0, 2)
    assert state.database.total_changes == before


def test_put_leaves_services_that_it_does_not_name(state: State) -> None:
    state.inventory.put([WEB1])
    state.inventory.put([WEB2])
    assert state.inventory.services() == [WEB1, WEB2]


def test_put_writes_nothing_when_one_service_cannot_be_written(state: State) -> None:
    twice = replace(WEB2, addons=(PANEL, PANEL))
    with pytest.raises(StateUnusable):
        state.inventory.put([WEB1, twice])
    assert state.inventory.services() == []


def test_remove_forgets_the_service_and_its_add_ons(state: State) -> None:
    state.inventory.put([WEB1, WEB2])
    state.inventory.remove("12")
    assert state.inventory.services() == [WEB2]
    assert state.database.execute("SELECT count(*) FROM addon").fetchone() == (0,)


def test_an_unknown_id_is_told(state: State) -> None:
    for act in (state.inventory.service, state.inventory.remove):
        with pytest.raises(UsageWrong, match="there is no service '99'"):
            act("99")
