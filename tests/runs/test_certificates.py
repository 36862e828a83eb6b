"""Certificates: from the request to the files, renewed by a new order, paid once whatever happens."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cpbillmgr.model.operations import State
from cpbillmgr.runs.fixchilds import fixchilds
from cpbillmgr.runs.looking.look import Asked
from tests.conftest import OpenOffice
from tests.runs.certificates import (
    APPROVED,
    DOMAIN,
    SETTINGS,
    an_office,
    approve,
    asking,
    bought,
    files,
    folder,
    let_it_end,
    ordered,
    served,
)
from tests.runs.office import Office, Result

FILES = ["approver.txt", "certificate.pem", "chain.pem", "fullchain.pem", "key.pem", "request.pem"]


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    return an_office(open_office)


def events(office: Office) -> list[tuple[str, str, int | None]]:
    """Return how far certificates have come, and by which operation of ours."""
    listed = office.run("event", "list", "--json").json["events"]
    return [(each["before"], each["after"], each["operation"]) for each in listed if each["kind"] == "issue"]


def test_a_certificate_is_ordered_with_a_request_of_our_own_and_its_files_are_fetched_when_it_is_issued(
    office: Office,
) -> None:
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (0, [("order", "90", "done")])
    assert result.json["cost"] == [{"amount": "45.00", "currency": "EUR"}]
    (order,) = ordered(office)
    assert (order["CN"], order["approver_email_1"], order["O"]) == (
        DOMAIN,
        f"admin@{DOMAIN}",
        "Example Hosting",
    )
    assert (order["O"], order["tech_phone"]) == ("Example Hosting", "+49 89 0")
    assert order["remoteid"] == "cpb1-main-90-ssl-1"
    assert not {"key", "ip", "licname"} & order.keys()
    assert sorted(path.name for path in folder(office, 1).iterdir()) == [
        "approver.txt",
        "key.pem",
        "request.pem",
    ]

    waiting = office.run("checkevent")
    assert (waiting.code, "waits until its approver answers" in waiting.out + waiting.err) == (0, True)
    assert office.run("checkevent") == Result(0, "", "")
    (certificate,) = bought(office)
    approve(office, certificate["id"])

    issued = office.run("checkevent", "--json")
    assert (issued.code, issued.changes) == (0, [("fetch", "90", "done")])
    assert ("waiting", "issued", None) in events(office)
    assert files(office) == FILES
    assert {path.stat().st_mode & 0o777 for path in folder(office).iterdir()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (folder(office), folder(office, 1))} == {0o700}
    leaf = x509.load_pem_x509_certificate((folder(office) / "certificate.pem").read_bytes())
    key = load_pem_private_key((folder(office) / "key.pem").read_bytes(), None)
    assert leaf.public_key() == key.public_key()
    chain = x509.load_pem_x509_certificates((folder(office) / "fullchain.pem").read_bytes())
    for child, issuer in pairwise(chain):
        child.verify_directly_issued_by(issuer)

    office.forget_calls()
    assert office.run("checkevent") == Result(0, "", "")
    assert [call["func"] for call in office.calls()] == ["certificate"]
    assert office.run("fixchilds", "--yes", "--json").changes == []


@pytest.mark.parametrize("issue_told", ["both", "form", "none"])
@pytest.mark.parametrize("certificate_status", ["processing", "active"])
@pytest.mark.parametrize("certificate_files", ["rows", "edit", "form"])
@pytest.mark.parametrize("crt_type", ["existing", "exists", "own"])
def test_it_is_so_however_the_remote_tells_it(
    open_office: OpenOffice, crt_type: str, certificate_files: str, certificate_status: str, issue_told: str
) -> None:
    office = an_office(
        open_office,
        crt_type=crt_type,
        certificate_files=certificate_files,
        certificate_status=certificate_status,
        issue_told=issue_told,
    )
    assert office.run("fixchilds", "--yes").code == 0
    for _ in range(2):
        assert office.run("checkevent").code == 0
    assert not folder(office).exists()
    approve(office, bought(office)[0]["id"])
    fetched = office.run("checkevent", "--json")
    assert (fetched.code, fetched.changes) == (0, [("fetch", "90", "done")])
    assert office.run("checkevent") == Result(0, "", "")
    assert files(office) == FILES
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00"]


def test_it_is_renewed_once_by_a_new_order_and_the_old_one_is_left_to_end(open_office: OpenOffice) -> None:
    office = served(open_office)
    let_it_end(office, 31)
    assert office.run("checkevent", "--json").changes == []
    let_it_end(office, 30)
    planned = office.run("checkevent", "--dry-run", "--json")
    assert (planned.changes, ordered(office)) == ([("order", "90", "planned")], [])
    renewed = office.run("checkevent", "--json")
    assert (renewed.code, renewed.changes) == (0, [("order", "90", "done")])
    assert "is renewed by a new order" in renewed.json["changes"][0]["because"]
    (order,) = ordered(office)
    assert order["remoteid"] == "cpb1-main-90-ssl-2"
    assert order["csr"] != (folder(office, 1) / "request.pem").read_text(encoding="utf-8")

    old, new = bought(office)
    assert office.links == {"90": str(new["id"])}
    assert folder(office).readlink() == Path("1")
    for _ in range(2):
        assert office.run("checkevent").code == 0
    approve(office, new["id"])
    assert office.run("checkevent", "--json").changes == [("fetch", "90", "done")]
    assert folder(office).readlink() == Path("2")
    for _ in range(2):
        assert office.run("checkevent", "--json").changes == []
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00", "45.00"]
    assert bought(office)[0] == old
    assert {call["func"] for call in office.writes} == {"certificate.order.param"}
    assert office.run("audit", "--expect-clean").code == 0


def test_a_person_renews_it_and_may_ask_again_after_a_lost_answer(open_office: OpenOffice) -> None:
    office = served(open_office)
    (old,) = bought(office)
    office.fault("cut-after:certificate.order.param")
    lost = office.run("license", "renew", str(old["id"]), "--period", "24", "--json")
    assert lost.code == 7
    again = office.run("license", "renew", str(old["id"]), "--period", "24", "--json")
    assert (again.code, again.json["changes"][0]["outcome"]) == (0, "done")
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00", "80.00"]
    assert office.links == {"90": str(bought(office)[1]["id"])}


@pytest.mark.parametrize("fault", ["cut-after", "empty", "half", "cut-before", "503"])
def test_a_renewal_whose_answer_is_lost_is_paid_once_with_the_same_request(
    open_office: OpenOffice, fault: str
) -> None:
    office = served(open_office)
    let_it_end(office, 10)
    office.fault(f"{fault}:certificate.order.param")
    assert office.run("checkevent").code == 7
    assert office.run("checkevent").code == (0 if fault in ("cut-after", "empty", "half") else 7)
    if office.operations[-1].state is State.IN_DOUBT:
        from cpbillmgr.runs.checkevent import Asked as Check
        from cpbillmgr.runs.checkevent import checkevent

        for minutes in (16, 22, 23):
            with office.site("checkevent", minutes=minutes) as site:
                checkevent(site, Check())
    requests = {order["csr"] for order in ordered(office)}
    assert len(requests) == 1
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00", "45.00"]
    assert office.links == {"90": str(bought(office)[1]["id"])}


def test_an_order_that_never_arrived_is_sent_again_with_the_same_request(office: Office) -> None:
    office.fault("cut-before:certificate.order.param")
    assert office.run("fixchilds", "--yes").code == 7
    for minutes in (16, 22, 23):
        with office.site("fixchilds", minutes=minutes) as site:
            fixchilds([site], Asked(confirmed=True))
    first, second = ordered(office)
    assert first == second
    assert len(office.world["charges"]) == 1


def test_one_that_is_not_issued_is_told_once_and_not_ordered_again_by_itself(
    office: Office,
) -> None:
    office.run("fixchilds", "--yes")
    (certificate,) = bought(office)
    approve(office, certificate["id"], refuse="on")
    told = office.run("checkevent")
    assert "was not issued: ask the seller" in told.out + told.err
    assert office.run("checkevent") == Result(0, "", "")
    assert office.run("fixchilds", "--yes", "--json").changes == []
    findings = office.run("audit", "--json").json["findings"]
    assert [(each["class"], each["amount"]) for each in findings] == [("not issued", "45.00")]
    unlink, fix = findings[0]["mend"].split(" && ")
    assert office.run(*unlink.split()[1:]).code == 0
    assert office.run(*fix.split()[1:], "--yes").code == 0
    assert [order["remoteid"] for order in ordered(office)] == ["cpb1-main-90-ssl-1", "cpb1-main-90-ssl-2"]


def test_a_refused_renewal_becomes_a_task_and_is_started_again_by_a_person(open_office: OpenOffice) -> None:
    office = served(open_office)
    let_it_end(office, 10)
    office.edit_world(lambda world: world["account"].update(balance="10.00"))
    assert office.run("checkevent").code == 69
    assert office.run("checkevent").code == 69
    office.edit_world(lambda world: world["account"].update(balance="500.00"))
    office.edit_world(lambda world: world["licenses"][-1]["certificate"].update(approver="x"))
    assert office.run("certificate", "request", "90", "--approver", "nobody").code == 0
    refused = office.run("checkevent", "--json")
    assert (refused.code, refused.changes) == (3, [("order", "90", "failed")])
    assert office.run("checkevent", "--json").changes == []
    (task,) = office.run("operation", "list", "--tasks", "--json").json["operations"]
    request = office.run("certificate", "request", "90", "--approver", "admin")
    assert request.code == 0, request.err
    again = office.run("operation", "restart", str(task["id"]), "--json")
    assert (again.code, again.changes) == (0, [("order", "90", "done")])
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00", "45.00"]


def test_the_approver_of_the_certificate_before_is_asked_again_where_the_settings_name_none(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office, more="")
    assert office.run("certificate", "request", "90", "--approver", "webmaster").code == 0
    assert office.run("fixchilds", "--yes").code == 0
    approve(office, bought(office)[0]["id"])
    assert office.run("checkevent").code == 0
    let_it_end(office, 10)
    assert office.run("checkevent", "--json").changes == [("order", "90", "done")]
    assert {order["approver_email_1"] for order in ordered(office)} == {f"webmaster@{DOMAIN}"}


@pytest.mark.parametrize("said", ["suspended", "deleted"])
def test_nothing_is_done_at_the_seller_when_its_service_stops_but_that_it_is_not_renewed(
    open_office: OpenOffice, said: str
) -> None:
    office = served(open_office)
    let_it_end(office, 10)
    office.import_services(asking(status=said))
    for _ in range(2):
        assert office.run("checkevent", "--json").changes == []
    assert office.writes == []
    assert office.run("audit", "--expect-clean").code == 0


@pytest.mark.parametrize(
    "line",
    ["suspend ID", "resume ID", "release ID", "newkey ID", "move ID 203.0.113.5", "change-tariff ID 55346"],
)
def test_what_a_certificate_cannot_do_is_refused_before_anything_is_asked(
    open_office: OpenOffice, line: str
) -> None:
    office = served(open_office)
    result = office.run("license", *line.replace("ID", str(bought(office)[0]["id"])).split())
    assert (result.code, office.calls()) == (2, [])


def test_a_request_made_elsewhere_is_sent_as_it_is_and_there_is_no_key_here(office: Office) -> None:
    from tests.sandbox.certificates import new_request

    csr, _ = new_request(DOMAIN)
    office.write("given.csr", csr)
    given = office.run("certificate", "request", "90", "--csr", "given.csr", "--approver", "webmaster")
    assert given.code == 0, given.err
    assert office.run("fixchilds", "--yes").code == 0
    (order,) = ordered(office)
    assert (order["csr"].strip(), order["approver_email_1"]) == (csr.strip(), f"webmaster@{DOMAIN}")
    approve(office, bought(office)[0]["id"])
    assert office.run("checkevent").code == 0
    assert files(office) == [each for each in FILES if each != "key.pem"]


@pytest.mark.parametrize(
    ("name", "more", "why"),
    [
        (DOMAIN, "", "who approves it is not known"),
        ("web90", APPROVED, "a certificate is for a domain, and service 90 is named 'web90'"),
        (f"{'a' * 60}.example", APPROVED, "is longer than the 64 characters of a certificate's name"),
    ],
)
def test_what_cannot_be_asked_for_is_held_with_the_reason(
    open_office: OpenOffice, name: str, more: str, why: str
) -> None:
    office = an_office(open_office, asking(name=name), more=more)
    result = office.run("fixchilds", "--yes", "--json")
    assert (result.code, result.changes) == (3, [("order", "90", "held")])
    assert why in result.json["changes"][0]["because"]
    assert (office.writes, (office.folder / "certificates").exists()) == ([], False)


def test_a_certificate_that_is_paid_for_the_domain_is_linked_when_the_state_is_lost(
    open_office: OpenOffice,
) -> None:
    office = served(open_office)
    office.lose_state()
    office.import_services(asking())
    found = office.run("fixchilds", "--yes", "--json")
    assert (found.changes, ordered(office)) == ([("link", "90", "done")], [])
    assert office.run("checkevent", "--json").changes == []


def test_files_that_are_not_for_our_request_are_not_kept(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.run("fixchilds", "--yes")
    other = served(open_office)
    (stolen,) = bought(other)
    approve(office, bought(office)[0]["id"])
    office.edit_world(
        lambda world: world["licenses"][-1]["certificate"].update(
            leaf=stolen["certificate"]["leaf"], chain=stolen["certificate"]["chain"]
        )
    )
    result = office.run("checkevent", "--json")
    assert (result.code, result.changes) == (3, [("fetch", "90", "failed")])
    assert "none of the certificates is for our request" in json.dumps(result.json)
    assert not folder(office).exists()


@pytest.mark.parametrize(
    ("product_type", "loaded"), [("certificate", {"cpbillmgr.store.certificates.folders"}), ("soft", set())]
)
def test_a_quiet_run_loads_no_library_for_certificates_and_nothing_of_them_for_other_products(
    open_office: OpenOffice, product_type: str, loaded: set[str]
) -> None:
    office = served(open_office)
    office.set_settings(f"{SETTINGS}\n{APPROVED}", product_type=product_type)
    assert office.run("checkevent").code == 0
    code = "import sys; from cpbillmgr.cli.main import run; run(['checkevent']); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=office.folder, capture_output=True, text=True, check=True
    )
    modules = set(ran.stdout.split())
    assert "cpbillmgr.runs.checkevent" in modules
    assert modules & {"cpbillmgr.store.certificates.folders", "cryptography"} == loaded


def renewed(office: Office) -> dict[str, str]:
    """Return what was sent with the order of the next certificate."""
    let_it_end(office, 10)
    office.forget_calls()
    assert office.run("checkevent").code == 0
    (order,) = ordered(office)
    return order


def test_the_next_certificate_is_for_the_same_domains_and_approved_by_the_same(
    open_office: OpenOffice,
) -> None:
    office = an_office(open_office)
    asked = ("certificate", "request", "90", "--approver", "webmaster", "--other", "www.shop.example")
    assert office.run(*asked).code == 0
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"])
    office.run("checkevent")
    shown = office.run("certificate", "request", "90", "--dry-run", "--json").json
    assert (shown["others"], shown["approver"]) == (["www.shop.example"], f"webmaster@{DOMAIN}")
    order = renewed(office)
    assert (order["altname"], order["approver_email_1"]) == ("www.shop.example", f"webmaster@{DOMAIN}")
    assert order["csr"] != (folder(office, 1) / "request.pem").read_text(encoding="utf-8")


def test_a_request_made_elsewhere_is_sent_again_for_the_next_certificate(office: Office) -> None:
    from tests.sandbox.certificates import new_request

    csr, _ = new_request(DOMAIN)
    office.write("given.csr", csr)
    office.run("certificate", "request", "90", "--csr", "given.csr")
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"])
    office.run("checkevent")
    assert renewed(office)["csr"].strip() == csr.strip()
    assert not (folder(office, 2) / "key.pem").exists()


def test_for_another_domain_nothing_is_taken_from_the_certificate_before(open_office: OpenOffice) -> None:
    office = an_office(open_office)
    office.run("certificate", "request", "90", "--other", "www.shop.example")
    office.run("fixchilds", "--yes")
    approve(office, bought(office)[0]["id"])
    office.run("checkevent")
    office.import_services(asking(name="new.example"))
    order = renewed(office)
    assert (order["CN"], "altname" in order, order["approver_email_1"]) == (
        "new.example",
        False,
        "admin@new.example",
    )
