"""Our name and our remote id: written and read back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.model.mark import Mark, license_name, service_of_name

# What an inventory accepts as a service's id: no space, no quote, at most 64 characters.
SERVICE_IDS = st.text(min_size=1, max_size=64).filter(lambda id: not re.search(r"[\s\"']", id))


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("Item #12 addon web1", "12"),
        ("Item #12 addon", "12"),
        ('Item #"12" addon web1', "12"),
        ("Item #'12' addon web1", "12"),
        ('Item #12" addon web1', "12"),
        ("item #12  ADDON web1", "12"),
        ("Item #12 addon Item #13 addon", "12"),
        ("Item #vm-12 addon web1", "vm-12"),
        ("Item #12 addons", None),
        ("Item #12addon web1", None),
        ("Item 12 addon web1", None),
        ("Item #1 2 addon web1", None),
        (" Item #12 addon web1", None),
        ("my Item #12 addon web1", None),
        ("Item # addon web1", None),
        ("web1_addon", None),
        ("free.lic", None),
        ("", None),
    ],
)
def test_a_name_tells_the_service_if_it_follows_the_template(name: str, service: str | None) -> None:
    assert service_of_name(name) == service


@given(SERVICE_IDS, st.text())
def test_a_name_that_we_gave_tells_its_service(service: str, service_name: str) -> None:
    assert service_of_name(license_name(service, service_name)) == service


@given(SERVICE_IDS, st.text(min_size=200, max_size=400))
def test_a_name_is_as_short_as_the_remote_keeps_it(service: str, service_name: str) -> None:
    name = license_name(service, service_name)
    assert len(name) <= 255
    assert name == name.rstrip()
    assert name == f"Item #{service} addon {service_name}"[: len(name)]


@given(st.text(), st.text(), st.text(), st.integers(0, 10**6))
def test_a_mark_is_read_back_whatever_its_parts_hold(
    installation: str, service: str, addon: str, generation: int
) -> None:
    mark = Mark(installation, service, addon, generation)
    assert Mark.read(str(mark)) == mark
    assert str(mark).isascii()


PARTS = st.text("-%2D", max_size=4)


@given(PARTS, PARTS, PARTS, PARTS)
def test_different_children_have_different_marks(
    service: str, addon: str, other: str, its_addon: str
) -> None:
    same = str(Mark("main", service, addon)) == str(Mark("main", other, its_addon))
    assert same is ((service, addon) == (other, its_addon))


@pytest.mark.parametrize(
    "remoteid",
    [
        None,
        "",
        "a17",
        "l12",
        "cpb1",
        "cpb1-main-12-panel",
        "cpb1-main-12-panel-",
        "cpb1-main-12-panel-x",
        "cpb1-main-12-panel-1x",
        "cpb1-main-12-panel--1",
        "cpb1-main-12-panel-1-1",
        "cpb2-main-12-panel-1",
        "CPB1-main-12-panel-1",
        " cpb1-main-12-panel-1",
        "xcpb1-main-12-panel-1",
        "cpb1-main-12-panel-²",
        f"cpb1-main-12-panel-{'9' * 5000}",
    ],
)
def test_what_is_no_mark_of_ours_is_not_read_as_one(remoteid: str | None) -> None:
    assert Mark.read(remoteid) is None


def test_a_mark_is_spelled_as_the_remote_shows_it() -> None:
    assert str(Mark("main", "12", "panel")) == "cpb1-main-12-panel-1"
    assert str(Mark("branch-2", "ip:203.0.113.5", "55227", 3)) == "cpb1-branch%2D2-ip%3A203.0.113.5-55227-3"
