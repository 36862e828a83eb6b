"""Every way to lose an answer, for every call that changes something: all is settled by looking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.sandbox.faults import AFTER, BEFORE
from tests.conftest import OpenOffice
from tests.crash.situations import SITUATIONS
from tests.tally import Tally

PATIENCE = 0.3  # seconds until an answer that hangs is given up; any other comes in a tenth of that
CALLS = [
    ("a license is ordered", "soft.order.param", 1),
    ("a license is ordered for a service", "soft.order.param", 1),
    ("a license is ordered on its own", "soft.order.param", 1),
    ("an order waits in the cart", "soft.order.param", 1),
    ("a suspended license is taken", "soft.edit", 1),  # name, address and mark
    ("a suspended license is taken", "soft.edit", 2),  # new key
    ("a suspended license is taken", "soft.resume", 1),
    ("a license is put back", "soft.edit", 1),  # a new key, which would be refused
    ("a license is put back", "soft.edit", 2),  # free name and address
    ("a license is renewed", "service.prolong", 1),
    ("a license is released", "soft.suspend", 1),
    ("a license is released", "soft.edit", 1),
    ("a license is moved", "soft.edit", 1),
    ("a license changes its tariff", "service.changepricelist", 1),
]


@pytest.mark.parametrize("fault", sorted(BEFORE | AFTER))
@pytest.mark.parametrize(("name", "func", "nth"), CALLS)
def test_a_lost_answer_is_settled_by_looking(
    name: str, func: str, nth: int, fault: str, open_office: OpenOffice, tally: Tally
) -> None:
    scene = SITUATIONS[name]
    office = scene.open(open_office)
    with tally.case("lost answers", f"{name}, {fault}, {func} {nth}"):
        if nth > 1:
            office.fault(f"none:{func}!:{nth - 1}")
        office.fault(f"{fault}:{func}!")
        if fault.startswith("hang"):
            office.set_settings(parallel=scene.parallel, timeout=PATIENCE)
        result = office.run(*scene.words)
        office.set_settings(parallel=scene.parallel)
        assert (result.code, "Traceback" in result.err) == (7, False)
        scene.check_end(office)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("spec", ["any:*!:40%", "any:*:1/10"])
def test_mischief_at_random_is_settled_by_looking(
    spec: str, seed: int, open_office: OpenOffice, tally: Tally
) -> None:
    """Let services be served one after the other, so that a seed replays."""
    scene = replace(SITUATIONS["many services are served side by side"], parallel=1)
    office = scene.open(open_office)
    office.set_settings(parallel=1, timeout=PATIENCE)
    with tally.case("mischief at random", f"{spec}@{seed}"):
        office.fault(f"{spec}@{seed}")
        result = office.run(*scene.words)
        assert (result.code in {0, 3, 7, 75, 76}, "Traceback" in result.err) == (True, False)
        office.control("faults/clear", {})
        office.set_settings(parallel=1)
        scene.check_end(office)
