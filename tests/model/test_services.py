"""Services and their children: what identifies them, and how their licenses are called."""

from __future__ import annotations

import pytest

from cpbillmgr.model.services import NOBODYS, ON_ITS_OWN, Child, Status, is_on_its_own


def a_child(service: str, name: str) -> Child:
    return Child(service, "panel", name, "203.0.113.5", Status.ACTIVE, "isp", 55227, 1)


@pytest.mark.parametrize(
    ("service", "name", "expected"),
    [
        ("12", "web1", "Item #12 addon web1"),
        ("vm-12", "web 1", "Item #vm-12 addon web 1"),
        (f"{ON_ITS_OWN}203.0.113.5", "my panel", "my panel"),
        (f"{ON_ITS_OWN}203.0.113.5", "203.0.113.5", "203.0.113.5"),
        (f"{NOBODYS}501", "my panel", "my panel"),
    ],
)
def test_a_license_is_named_after_its_service_unless_it_has_none(
    service: str, name: str, expected: str
) -> None:
    assert a_child(service, name).license_name == expected


def test_a_service_tells_whether_it_stands_for_a_license_on_its_own_or_of_nobody() -> None:
    services = ("12", f"{ON_ITS_OWN}203.0.113.5", f"{NOBODYS}501")
    told = [(is_on_its_own(each), a_child(each, "web").is_nobodys) for each in services]
    assert told == [(False, False), (True, False), (False, True)]


def test_a_child_is_known_by_service_and_addon() -> None:
    assert a_child("12", "web1").key == a_child("12", "renamed").key == ("12", "panel")
