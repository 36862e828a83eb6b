"""``sandbox approve``: the click on the link in the mail of a certificate's approver."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cpbillmgr.sandbox import new_world
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import license
from tests.sandbox.certificates import DOMAIN, DOMAINSSL, new_request

WAITING = {"csr": new_request(DOMAIN)[0], "approver": f"admin@{DOMAIN}", "service_status": 4}


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    """An office beside the world shop.json, where certificate 7 waits for its approver, and 8 is paid for."""
    shop = {**new_world(), "clock": "2026-11-21T12:00:00"}
    shop["licenses"] = [
        license(1, "203.0.113.12"),
        {
            "id": 7,
            "pricelist": DOMAINSSL,
            "licname": DOMAIN,
            "status": 5,
            "period": 12,
            "certificate": WAITING,
        },
        {"id": 8, "pricelist": DOMAINSSL, "certificate": {**WAITING, "service_status": 0}},
    ]
    office = open_office()
    office.write("shop.json", json.dumps(shop))
    return office


def certificate(office: Office) -> Any:
    world = json.loads((office.folder / "shop.json").read_text(encoding="utf-8"))
    (found,) = [each["certificate"] for each in world["licenses"] if each["id"] == 7]
    return found


def test_a_certificate_is_approved(office: Office) -> None:
    result = office.run("sandbox", "approve", "7", "--world", "shop.json")
    assert (result.code, result.out) == (0, f"certificate 7 for {DOMAIN} is issued until 2027-11-21\n")
    assert certificate(office)["leaf"].startswith("-----BEGIN CERTIFICATE-----")


def test_a_certificate_is_refused(office: Office) -> None:
    result = office.run("sandbox", "approve", "7", "--world", "shop.json", "--refuse")
    assert (result.code, result.out) == (0, f"certificate 7 for {DOMAIN} is refused\n")
    assert (certificate(office)["service_status"], certificate(office)["leaf"]) == (6, "")


@pytest.mark.parametrize(
    ("words", "issued", "until"), [([], True, "2027-11-21"), (["--refuse"], False, None)]
)
def test_scripts_are_told_how_it_ended(
    office: Office, words: list[str], issued: bool, until: str | None
) -> None:
    told = office.run("sandbox", "approve", "7", "--world", "shop.json", *words, "--json").json
    assert told == {
        "schema": "cpbillmgr/approval/1", "license": 7, "domain": DOMAIN, "issued": issued, "until": until,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["9", "--world", "shop.json"], 2, "there is no license 9"),
        (["1", "--world", "shop.json"], 2, "license 1 is no certificate"),
        (["8", "--world", "shop.json"], 2, "certificate 8 does not wait for approval: not paid"),
        (["seven", "--world", "shop.json"], 2, "not a whole number"),
        (["7", "--world", "nowhere.json"], 2, "No such file"),
        (["7", "--world", "cpbillmgr.toml"], 78, "is not JSON"),
        ([], 2, "missing argument 'ID'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_approved_is_told_in_one_line(
    office: Office, words: list[str], code: int, told: str
) -> None:
    result = office.run("sandbox", "approve", *words)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert told in result.err
    assert certificate(office) == WAITING


def test_a_world_whose_request_was_spoiled_by_hand_is_told(office: Office) -> None:
    world = (office.folder / "shop.json").read_text(encoding="utf-8")
    office.write("shop.json", world.replace("BEGIN CERTIFICATE", "BEGIN NOTHING"))
    result = office.run("sandbox", "approve", "7", "--world", "shop.json")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "this is no certificate signing request" in result.err
