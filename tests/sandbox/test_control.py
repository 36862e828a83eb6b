from __future__ import annotations

import pytest

from tests.sandbox.conftest import Remote, fetch, value


def test_calls_are_kept_without_login_data(remote: Remote) -> None:
    remote.good("soft", p_num=1)
    remote.good("soft.suspend", elid=1)
    fetch(f"{remote.url}?func=whoami&authinfo=reseller:secret")
    assert remote.control("calls") == [
        {
            "func": "soft",
            "params": {"func": "soft", "out": "xml", "p_num": "1"},
            "write": False,
            "url": "/manager/billmgr",
        },
        {
            "func": "soft.suspend",
            "params": {"func": "soft.suspend", "out": "xml", "elid": "1"},
            "write": True,
            "url": "/manager/billmgr",
        },
        {
            "func": "whoami",
            "params": {"func": "whoami"},
            "write": False,
            "url": "/manager/billmgr?func=whoami&authinfo=reseller:secret",
        },
    ]


@pytest.mark.parametrize(
    ("func", "sok", "write"),
    [
        ("soft.edit", "", False),
        ("soft.edit", "ok", True),
        ("soft.order.param", "", False),
        ("soft.order.param", "ok", True),
        ("soft.checkip", "ok", False),
        ("soft.suspend", "", True),
        ("soft.resume", "", True),
        ("soft.delete", "", False),
        ("soft.delete", "ok", True),
        ("service.prolong", "", False),
        ("service.prolong", "ok", True),
        ("service.changepricelist", "", False),
        ("service.changepricelist", "ok", True),
        ("pricelist.export", "ok", False),
        ("unknown", "ok", False),
    ],
)
def test_a_call_that_could_change_something_is_marked(
    remote: Remote, func: str, sok: str, write: bool
) -> None:
    remote.call(func, elid=404, sok=sok)
    assert [call["write"] for call in remote.control("calls")] == [write]


def test_calls_can_be_cleared(remote: Remote) -> None:
    remote.good("soft")
    remote.control("calls/clear")
    assert remote.control("calls") == []


def test_the_world_can_be_looked_at(remote: Remote) -> None:
    world = remote.control("world")
    assert [license["id"] for license in world["licenses"]] == [1, 2, 3, 4, 5, 6]


def test_the_clock_is_set_and_moved(remote: Remote) -> None:
    assert remote.control("clock", at="2027-01-31T10:00:00+02:00") == {"clock": "2027-01-31T08:00:00+00:00"}
    assert remote.control("clock", days=-1) == {"clock": "2027-01-30T08:00:00+00:00"}
    elid = remote.ordered("198.51.100.1")
    assert value(remote.row(elid), "expiredate") == "2027-02-28"


@pytest.mark.parametrize(
    ("control", "form", "text"),
    [
        ("clock", {"at": "noon"}, "'noon' must be a time"),
        ("clock", {"at": "9999-12-31T23:00-02:00"}, "'9999-12-31T23:00-02:00' must be a time"),
        ("clock", {"day": "1"}, "clock needs at=TIME or days=NUMBER"),
        ("faults", {"spec": "boom"}, "fault 'boom'"),
        ("variants", {"form": "round"}, "'round' is none of mixed, flat, nested"),
        ("variants", {"shape": "round"}, "there is no variant 'shape'"),
    ],
)
def test_a_wrong_control_is_told_in_one_line(
    remote: Remote, control: str, form: dict[str, str], text: str
) -> None:
    before = remote.kept
    status, told = remote.controls(control, **form)
    assert status == 400
    assert told.startswith(text)
    assert told.count("\n") == 1
    assert remote.kept == before


def test_a_control_that_is_not_there_is_not_found(remote: Remote) -> None:
    assert remote.controls("bomb") == (404, "there is no control GET /_sandbox/bomb\n")
