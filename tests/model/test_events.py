from __future__ import annotations

from dataclasses import replace

from cpbillmgr.model.events import Differences
from tests.planner.nouns import a_license

ONE, TWO, THREE = (a_license(id) for id in ("501", "502", "503"))


def test_what_is_known_better_of_some_licenses_takes_the_place_of_what_was_known() -> None:
    moved, named = replace(ONE, ip="203.0.113.9"), replace(TWO, name="new")
    marked = replace(named, remoteid="mark")
    first = Differences(appeared=(THREE,), changed=((TWO, named), (ONE, moved)))
    better = Differences(appeared=(replace(THREE, remoteid=""),), changed=((TWO, marked),))
    assert first.but_for({"502", "503"}, better) == Differences(
        appeared=(replace(THREE, remoteid=""),), changed=((ONE, moved), (TWO, marked))
    )
    assert first.but_for((), Differences()) == Differences((THREE,), ((ONE, moved), (TWO, named)))


def test_what_turns_out_to_be_as_it_was_is_no_difference() -> None:
    first = Differences(changed=((ONE, TWO),), vanished=(THREE,))
    assert first.but_for({"502", "503"}, Differences()) == Differences()
