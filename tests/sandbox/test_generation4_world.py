"""Generation 4: its world, the controls and the mischief, which are those of the others."""

from __future__ import annotations

import http.client
from datetime import UTC, datetime

import pytest

from cpbillmgr.sandbox import Sandbox
from cpbillmgr.sandbox.functions import DIALECTS, change_of
from cpbillmgr.sandbox.protocol.call import Call
from tests.sandbox.conftest import Remote, Start, value
from tests.sandbox.generation4 import order, refused


@pytest.fixture
def remote(start: Start) -> Remote:
    return start(generation=4)


@pytest.mark.parametrize(
    ("func", "sok", "write"),
    [
        ("software", "ok", False),
        ("software.edit", "", False),
        ("software.edit", "ok", True),
        ("software.filter", "", False),
        ("software.filter", "ok", True),
        ("software.licinfo", "ok", False),
        ("software.period", "", False),
        ("software.period", "ok", True),
        ("software.enable", "", True),
        ("software.disable", "yes", True),
        ("software.delete", "", True),
        ("accountinfo", "ok", False),
        ("availableprice.periods", "ok", False),
        ("soft.edit", "ok", False),
        ("soft.suspend", "ok", False),
    ],
)
def test_a_call_that_could_change_something_is_marked(
    remote: Remote, func: str, sok: str, write: bool
) -> None:
    remote.call(func, elid=404, sok=sok)
    assert [call["write"] for call in remote.control("calls")] == [write]


def test_each_generation_knows_only_its_own_functions(start: Start, remote: Remote) -> None:
    early, later = DIALECTS[4], DIALECTS[6]
    for func in {**later.questions, **later.changes}:
        assert refused(remote, func, elid=1, sok="ok") == ("6", func, None)
    other = start()
    for func in {**early.questions, **early.changes}:
        assert other.refused(func, elid=1, sok="ok") == ("missed", "func")


def test_a_world_without_a_generation_is_one_of_the_sixth(start: Start) -> None:
    world = start()
    assert world.kept.get("generation") == 6
    world.path.write_text('{"licenses": []}', encoding="utf-8")
    with Sandbox(world.path) as sandbox:
        assert sandbox.generation == 6


def test_a_world_is_written_as_it_was_read(remote: Remote) -> None:
    remote.good("software.filter", expires="2026-01-31", sok="ok")
    written = remote.path.read_text(encoding="utf-8")
    remote.good("software.filter", expires="2026-01-31", sok="ok")
    assert remote.path.read_text(encoding="utf-8") == written
    assert (remote.kept["generation"], remote.kept["filters"]) == (
        4,
        [{"list": "software", "fields": {"expires": "2026-01-31"}}],
    )


def test_licenses_age_when_the_clock_is_moved(remote: Remote) -> None:
    def status() -> str:
        return value(remote.good("software")[0], "status")

    assert status() == "2"
    remote.control("clock", at="2026-12-31")
    assert status() == "3"
    remote.control("clock", days=30)
    assert status() == "4"
    assert refused(remote, "software.edit", elid=1, licname="x", sok="ok") == ("8", None, None)


def test_an_answer_is_lost_after_a_change_was_made(start: Start) -> None:
    remote = start(generation=4, faults=("cut-after:software.edit!",))
    remote.good("software.edit", elid=1)
    with pytest.raises(http.client.HTTPException):
        remote.call("software.edit", **order("198.51.100.1"))
    assert len(remote.good("software")) == 5


def test_nothing_changes_by_a_question_that_is_a_change_elsewhere() -> None:
    call = Call({"func": "software.disable"}, "127.0.0.1", "http://127.0.0.1", datetime.now(UTC))
    assert change_of(call, 4) is not None
    assert change_of(call, 6) is None
