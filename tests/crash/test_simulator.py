"""The protocol that pays once, driven through every disturbance that the simulator knows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.sim_exhaustive import PATTERNS
from tests.crash.sim_mutants import MUTANTS, Mutant
from tests.crash.sim_story import simulate
from tests.crash.simulator import Totals, simulate_exhaustively, simulate_range
from tests.tally import Tally

HOUSE = Path(__file__).parents[2]
BLOCK, BLOCKS = 2_000, 10  # seeds: 20,000 in all
CHANGES = 1_000


def check(tally: Tally, kind: str, totals: Totals) -> None:
    """Count simulations for the summary, and fail with those in which something was wrong."""
    tally.tried[kind] += totals.stories
    tally.broken[kind] += len(totals.failures)
    assert not totals.failures, "\n".join(totals.failures)


@pytest.mark.parametrize("block", range(BLOCKS))
def test_no_simulation_breaks_a_promise(tally: Tally, block: int) -> None:
    totals = simulate_range(block * BLOCK, (block + 1) * BLOCK)
    assert totals.stories == BLOCK
    assert min(totals.kills, totals.charges) > BLOCK
    check(tally, "simulated, by chance", totals)


@pytest.mark.parametrize(
    ("profile", "seeds"), [("hour-late", 1000), ("takes", 2000), ("cart", 1000), ("changes", CHANGES)]
)
def test_no_simulation_of_another_kind_does_either(tally: Tally, profile: str, seeds: int) -> None:
    check(tally, f"simulated, {profile}", simulate_range(0, seeds, profile))


@pytest.mark.parametrize("number", [0, 1], ids=lambda number: PATTERNS[number].name)
def test_an_order_survives_every_disturbance_twice_in_a_row(tally: Tally, number: int) -> None:
    check(tally, "simulated, each disturbance of an order twice", simulate_exhaustively(number))


@pytest.mark.parametrize("number", [2, 3, 4], ids=lambda number: PATTERNS[number].name)
def test_a_take_survives_every_disturbance_and_some_twice(tally: Tally, number: int) -> None:
    check(tally, "simulated, each disturbance of a take", simulate_exhaustively(number, twice=False))
    check(tally, "simulated, one in 40 of them twice", simulate_exhaustively(number, one_in=40))


@pytest.mark.parametrize("number", [5, 6], ids=lambda number: PATTERNS[number].name)
def test_a_renewal_survives_every_disturbance_and_some_twice(tally: Tally, number: int) -> None:
    check(tally, "simulated, each disturbance of a renewal", simulate_exhaustively(number, twice=False))
    check(tally, "simulated, one in 20 of them twice", simulate_exhaustively(number, one_in=20))


def pays_twice(mutant: Mutant, seed: int) -> bool:
    return any("was paid" in wrong for wrong in simulate(seed, mutant.profile, mutant.protocol).wrongs)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_protocol_without_one_of_its_rules_pays_twice(mutant: Mutant) -> None:
    assert any(pays_twice(mutant, seed) for seed in range(mutant.seeds))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_is_that_rule_alone_which_is_missing(mutant: Mutant) -> None:
    """The same simulations with the rule, and without the other that stands before it, pay once."""
    for seed in range(40):
        wrongs = simulate(seed, mutant.profile, mutant.without).wrongs
        assert not any("was paid" in wrong for wrong in wrongs), f"seed {seed}: {wrongs}"


def test_a_seed_tells_the_same_story_every_time() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-m", "tests.crash.simulator", "--seed", "53"],
            cwd=HOUSE,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2", "3")
    }
    assert len(told) == 1
    assert len(told.pop().splitlines()) > 50
