"""Licenses and links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License, Link
from cpbillmgr.model.services import Status

LICENSE = License(
    "isp", "501", "web", "203.0.113.5", 55227, "ispmanager 6 lite", 1, Status.ACTIVE, date(2027, 1, 1)
)


@pytest.mark.parametrize(
    ("name", "ip", "free"),
    [
        (FREE_NAME, FREE_IP, True),
        (FREE_NAME, "203.0.113.5", False),
        ("web", FREE_IP, False),
        ("Free.lic", FREE_IP, False),
        (FREE_NAME, "", False),
    ],
)
def test_a_license_is_free_by_name_and_address_together(name: str, ip: str, free: bool) -> None:
    assert replace(LICENSE, name=name, ip=ip).is_free is free


@pytest.mark.parametrize(
    "shown",
    [
        {"name": "mail"},
        {"ip": "203.0.113.6"},
        {"tariff": 55228},
        {"status": Status.SUSPENDED},
        {"expires": None},
    ],
)
def test_a_row_that_shows_a_difference_is_not_the_same(shown: dict[str, Any]) -> None:
    assert not replace(LICENSE, **shown).is_same_row(LICENSE)


def test_what_only_the_form_tells_makes_no_other_row() -> None:
    form = replace(LICENSE, remoteid="a17", key="K", addons=((1, 2),), ip_changed=date(2026, 1, 1))
    assert LICENSE.is_same_row(form)


def test_a_link_tells_its_child() -> None:
    assert Link("isp", "501", "12", "panel").key == ("12", "panel")
