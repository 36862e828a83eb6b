"""Certificates of which something is lost, damaged or missing: told once, and never in the way of others."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.conftest import OpenOffice
from tests.runs.certificates import (
    APPROVED,
    SETTINGS,
    an_office,
    approve,
    asking,
    bought,
    folder,
    let_it_end,
    ordered,
    served,
)
from tests.runs.office import Office, Result

OTHER = asking("91", name="other.example")


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def test_files_that_cannot_be_fetched_are_told_once_until_they_can_be(office: Office) -> None:
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"])
    request = folder(office, 1) / "request.pem"
    ours = request.read_text(encoding="utf-8")
    request.write_text(ours[:300], encoding="utf-8")
    told = office.run("checkevent")
    assert (told.code, "could not be fetched: a request is damaged" in told.err) == (3, True)
    assert office.run("checkevent") == Result(3, "", "")
    request.write_text(ours, encoding="utf-8")
    assert office.run("checkevent", "--json").changes == [("fetch", "90", "done")]
    assert office.run("checkevent") == Result(0, "", "")


def test_files_that_cannot_be_fetched_are_counted_beside_those_that_can(open_office: OpenOffice) -> None:
    office = an_office(open_office, asking(), OTHER)
    office.run("fixchilds", "--yes")
    for each in bought(office):
        approve(office, each["id"])
    (folder(office, 1) / "request.pem").write_text("-----BEGIN", encoding="utf-8")
    told = office.run("checkevent")
    assert told.code == 3
    assert told.out.splitlines()[-1] == "Done: 1 fetch, 1 held, 2 in sync; no cost."


def test_that_a_certificate_has_no_files_yet_is_told_once(office: Office) -> None:
    office.run("fixchilds", "--yes")
    (certificate,) = bought(office)
    approve(office, certificate["id"])
    kept = bought(office)[0]["certificate"]
    empty = {**kept, "leaf": "", "chain": ""}
    office.edit_world(lambda world: world["licenses"][-1].update(certificate=empty))
    told = office.run("checkevent")
    assert (told.code, "is said to be issued, and has no files yet" in told.err) == (0, True)
    assert office.run("checkevent") == Result(0, "", "")
    office.edit_world(lambda world: world["licenses"][-1].update(certificate=kept))
    assert office.run("checkevent", "--json").changes == [("fetch", "90", "done")]


def test_a_prepared_request_that_is_damaged_holds_its_own_service_alone(open_office: OpenOffice) -> None:
    office = an_office(open_office, asking(), OTHER)
    assert office.run("certificate", "request", "90").code == 0
    (folder(office, 1) / "request.pem").write_text("-----BEGIN", encoding="utf-8")
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, sorted(result.changes)) == (3, [("order", "90", "held"), ("order", "91", "done")])
    assert "move its folder away if nothing was ordered with it" in result.json["changes"][0]["because"]
    assert office.run("certificate", "request", "90").code == 3
    assert office.run("checkevent").code == 0


def test_a_lost_key_is_told_and_another_certificate_is_ordered_when_a_person_says_so(
    open_office: OpenOffice,
) -> None:
    office = served(open_office)
    shutil.rmtree(office.folder / "certificates")
    told = office.run("checkevent")
    (certificate,) = bought(office)
    renew = f"license renew {certificate['id']}"
    assert (
        f"is lost, and its key, if that was made here; restore them from a backup, or 'cpbillmgr {renew}'"
        in (told.err)
    )
    assert office.run("checkevent") == Result(0, "", "")
    (finding,) = office.run("audit", "--json").json["findings"]
    assert (finding["class"], finding["mend"]) == ("request lost", f"cpbillmgr {renew}")
    assert office.run(*renew.split()).code == 0
    assert [order["remoteid"] for order in ordered(office)] == ["cpb1-main-90-ssl-2"]
    approve(office, bought(office)[1]["id"])
    assert office.run("checkevent").code == 0
    assert (folder(office) / "key.pem").exists()
    assert office.run("audit", "--expect-clean").code == 0


def test_the_certificate_before_stays_current_where_the_key_of_the_next_one_is_lost(
    open_office: OpenOffice,
) -> None:
    office = served(open_office)
    let_it_end(office, 30)
    assert office.run("checkevent").code == 0
    for name in ("key.pem", "request.pem"):
        (folder(office, 2) / name).unlink()
    approve(office, bought(office)[1]["id"])
    assert office.run("checkevent", "--json").changes == [("fetch", "90", "done")]
    assert (folder(office).readlink().name, (folder(office) / "key.pem").exists()) == ("1", True)
    assert (folder(office, 2) / "fullchain.pem").exists()
    assert office.run("checkevent") == Result(0, "", "")


def test_a_renewal_that_is_held_is_told_once_and_again_when_the_certificate_has_ended(
    open_office: OpenOffice,
) -> None:
    office = served(open_office)
    office.import_services(asking(name="web90"))
    let_it_end(office, 10)
    told = office.run("checkevent")
    assert told.code == 3
    assert "could not be renewed, and ends on" in told.err
    assert "a certificate is for a domain, and service 90 is named 'web90'" in told.err
    assert office.run("checkevent") == Result(3, "", "")
    let_it_end(office, -1)
    assert "has ended on" in office.run("checkevent").err


def test_a_hook_is_told_where_the_files_are_once_they_are_there_however_late(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    script = office.write("hook.sh", f"#!/bin/sh\ncat >> {office.folder}/heard\n")
    script.chmod(0o700)
    told = f'{SETTINGS}\n{APPROVED}\n[hooks]\nchanged = ["{script}"]\n'
    office.set_settings(told, product_type="certificate")
    office.run("fixchilds", "--yes")
    (certificate,) = bought(office)
    approve(office, certificate["id"])
    for _ in range(2):
        assert office.run("checkevent").err == ""
    heard = [
        json.loads(each) for each in (office.folder / "heard").read_text().replace("}{", "}\n{").splitlines()
    ]
    files = [each for call in heard for each in call["events"] if each["kind"] == "files"]
    assert files == [
        {
            "license": str(certificate["id"]),
            "kind": "files",
            "before": "",
            "after": str(folder(office, 1)),
            "operation": None,
        }
    ]
    history = office.run("license", "history", str(certificate["id"])).out
    assert [line.split()[-1] for line in history.splitlines() if " files: " in line] == ["fetched"]
    assert "fullchain.pem" in {path.name for path in folder(office, 1).iterdir()}


def let_another_be_ordered_after_a_refusal(office: Office) -> None:
    """Have the certificate that was bought last refused, and do as the audit says."""
    approve(office, bought(office)[-1]["id"], refuse="on")
    assert office.run("checkevent").code == 0
    (finding,) = office.run("audit", "--json").json["findings"]
    assert finding["class"] == "not issued"
    unlink, fix = finding["mend"].split(" && ")
    office.forget_calls()
    assert office.run(*unlink.split()[1:]).code == 0
    assert office.run(*fix.split()[1:], "--yes").code == 0


@pytest.mark.parametrize("settings", [APPROVED, ""])
def test_after_a_refusal_the_next_one_is_for_the_same_domains_and_approved_by_the_same(
    open_office: OpenOffice, settings: str
) -> None:
    office = an_office(open_office, more=settings)
    asked = ("certificate", "request", "90", "--other", "www.shop.example", "--approver", "webmaster")
    assert office.run(*asked).code == 0
    office.run("fixchilds", "--yes")
    let_another_be_ordered_after_a_refusal(office)
    (order,) = ordered(office)
    assert (order["remoteid"], order["altname"], order["approver_email_1"]) == (
        "cpb1-main-90-ssl-2",
        "www.shop.example",
        "webmaster@shop.example",
    )
    first, second = ((folder(office, number) / "request.pem").read_bytes() for number in (1, 2))
    assert first != second


def test_a_service_that_is_closed_leaves_no_alarm_of_a_certificate_that_never_came(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, asking(), OTHER)
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"], refuse="on")
    office.run("checkevent")
    assert (office.run("audit", "--expect-clean").code, office.run("status", "--format", "nagios").code) == (
        4,
        2,
    )
    for service in ("90", "91"):
        assert office.run("service", "close", service).code == 0
    office.forget_calls()
    assert office.run("checkevent").code == 0
    assert [call["func"] for call in office.calls()] == ["certificate"]
    assert (office.run("audit", "--expect-clean").code, office.run("status", "--format", "nagios").code) == (
        0,
        0,
    )


@pytest.mark.parametrize("issue_told", ["both", "form"])
def test_an_audit_knows_what_we_have_bought_and_a_person_has_unlinked(
    open_office: OpenOffice, issue_told: str
) -> None:
    office = an_office(open_office, issue_told=issue_told)

    def findings() -> list[tuple[str, str, str]]:
        told = office.run("audit", "--json").json["findings"]
        return [(each["class"], each["license"], each["why"]) for each in told]

    office.run("fixchilds", "--yes")
    let_another_be_ordered_after_a_refusal(office)
    assert findings() == []
    good = str(bought(office)[1]["id"])
    approve(office, good)
    office.run("checkevent")
    office.import_services(asking(name="new.example"))
    ((kind, license, _),) = findings()
    assert (kind, license) == ("wrong domain", good)
    office.run("license", "unlink", good)
    office.run("fixchilds", "--yes")
    why = "bought by us for shop.example, linked to nothing any more, and left to end"
    assert findings() == [("paid but idle", good, why)]
    assert office.run("audit", "--expect-clean").code == 0


def test_after_a_refusal_a_request_made_elsewhere_is_sent_again(office: Office) -> None:
    from tests.sandbox.certificates import new_request

    csr, _ = new_request("shop.example")
    office.write("given.csr", csr)
    assert office.run("certificate", "request", "90", "--csr", "given.csr").code == 0
    office.run("fixchilds", "--yes")
    let_another_be_ordered_after_a_refusal(office)
    (order,) = ordered(office)
    assert order["csr"].strip() == csr.strip()
    assert not (folder(office, 2) / "key.pem").exists()


def test_where_the_request_before_is_damaged_nothing_else_is_ordered_in_its_place(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, more="")
    office.run("certificate", "request", "90", "--approver", "webmaster")
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"], refuse="on")
    office.run("license", "unlink", str(bought(office)[0]["id"]))
    (folder(office, 1) / "request.pem").write_text("-----BEGIN", encoding="utf-8")
    held = office.run("fixchilds", "--yes", "--json")
    assert (held.code, held.changes) == (3, [("order", "90", "held")])
    assert "a request is damaged" in held.json["changes"][0]["because"]
    assert len(bought(office)) == 1
