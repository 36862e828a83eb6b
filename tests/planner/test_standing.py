"""Matching: whose form must be read, and which license a child has standing."""

from __future__ import annotations

from typing import Any

import pytest

from cpbillmgr.model.licenses import FREE_IP, FREE_NAME, License
from cpbillmgr.model.services import Child, Status
from cpbillmgr.planner.basis.matching import forms_to_read, standing_license
from tests.planner.nouns import (
    ELSEWHERE,
    PRO,
    a_child,
    a_license,
    an_operation,
    facts,
    linked,
    named_after,
    the_mark,
)

CHILD = a_child("12")
MARK = the_mark(CHILD)


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"remoteid": None}, ["501"]),
        ({"remoteid": None, "status": Status.PROCESSING}, ["501"]),
        ({"remoteid": None, "name": FREE_NAME, "ip": FREE_IP}, ["501"]),
        ({"remoteid": ""}, []),
        ({"remoteid": MARK}, []),
        ({"remoteid": None, "status": Status.DELETED}, []),
        ({"remoteid": None, "tariff": PRO}, []),
        ({"remoteid": None, "tariff": None}, []),
        ({"remoteid": None, "tariff": PRO, "name": named_after("12")}, ["501"]),
        ({"remoteid": None, "tariff": PRO, "name": named_after("13")}, []),
    ],
)
def test_the_form_is_read_of_a_row_that_may_be_the_childs(fields: dict[str, Any], asked: list[str]) -> None:
    assert forms_to_read([CHILD], facts(a_license(**fields))) == asked


def test_forms_of_owned_licenses_are_not_read_and_those_of_an_operations_tariff_are() -> None:
    row, owned = a_license("501", remoteid=None), a_license("502", remoteid=None)
    look = facts(row, owned, links=linked((a_child("13"), "502")), operations=[an_operation(CHILD)])
    assert forms_to_read([], look) == ["501"]


@pytest.mark.parametrize(
    ("license", "owner", "stands"),
    [
        (a_license(), CHILD, True),
        (a_license(ip=ELSEWHERE, tariff=PRO, status=Status.PROCESSING), CHILD, True),
        (a_license(status=Status.DELETED), CHILD, False),
        (a_license(status=Status.ORDERED), CHILD, False),
        (a_license(), a_child("13"), True),
        (a_license(status=Status.SUSPENDED), a_child("13"), True),
        (a_license(status=Status.PROCESSING), a_child("13"), False),
        (a_license(tariff=PRO), a_child("13"), False),
        (a_license(ip=ELSEWHERE), a_child("13"), False),
        (a_license(), None, False),
    ],
)
def test_a_child_has_its_own_license_or_one_on_its_address_that_is_linked(
    license: License, owner: Child | None, stands: bool
) -> None:
    links = linked((owner, license.id)) if owner else {}
    assert standing_license(CHILD, facts(license, links=links)) == (license if stands else None)


def test_a_link_to_a_license_that_is_not_on_the_account_is_no_license() -> None:
    assert standing_license(CHILD, facts(links=linked((CHILD, "501")))) is None
