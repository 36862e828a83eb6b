"""``certificate request``: the request of a certificate, prepared before it is ordered."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from cpbillmgr.model.certificates import Contact, Subject
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.services import Child, Status
from cpbillmgr.runs.certificates.requests import request_for
from cpbillmgr.runs.site import utc_now
from cpbillmgr.store.certificates.folders import Certificates
from cpbillmgr.store.certificates.requests import subject_of
from tests.conftest import OpenOffice
from tests.runs.office import Office
from tests.runs.worlds import Fields, service
from tests.store.authority import a_request, an_authority

DOMAIN_SSL = 55348
TABLE = """\
[certificates]
approver = "admin"
organization = "Example Ltd"
country = "DE"
country_id = 61
first_name = "Ada"
email = "ssl@example.com"
"""


def site(id: str = "12", name: str = "example.com", *wishes: str, status: str = "active") -> Fields:
    """Return a server that asks for a certificate by each of these add-ons."""
    addons = [
        {"id": 40, "name": wish, "kind": "enumeration", "value": str(DOMAIN_SSL), "nodes": None}
        for wish in wishes or ("ssl",)
    ]
    return service(id, name=name, addons=addons, status=status)


def seller(office: Office, name: str) -> str:
    keys = {
        "name": name,
        "url": office.url.replace("/billmgr", f"/{name}/billmgr"),
        "user": "reseller",
        "password_file": str(office.folder / "password"),
        "product_type": "certificate",
        "addons": ["ssl", "more"],
    }
    return "[[remote]]\n" + "\n".join(f"{key} = {json.dumps(keys[key])}" for key in keys) + "\n"


@pytest.fixture
def office(open_office: OpenOffice) -> Office:
    office = open_office(services=[site(), site("13", "bücher.example", "ssl", "more"), service("14")])
    office.set_settings(TABLE + seller(office, "ssl"))
    office.forget_calls()
    return office


def folder(office: Office, service: str = "12", addon: str = "ssl", generation: int = 1) -> Path:
    return office.folder / "certificates" / service / addon / str(generation)


def begin(office: Office) -> int:
    """Begin an order of the certificate of service 12; return its number in the journal."""
    child = Child("12", "ssl", "example.com", "", Status.ACTIVE, "ssl", DOMAIN_SSL, 12)
    decision = Decision(Action.ORDER, child, "it has none", remoteid="cpb1-main-12-ssl-1")
    with office.site("order") as opened:
        return opened.state.journal.plan(decision, run="order", name="example.com", at=utc_now()).id


def test_a_request_and_its_key_are_made_and_nothing_is_sent(office: Office) -> None:
    result = office.run("certificate", "request", "12")
    assert (result.code, result.err, office.calls()) == (0, "", [])
    assert result.out.split("\n")[:3] == [
        "domain    example.com", "approver  admin@example.com", f"folder    {folder(office)}",
    ]  # fmt: skip
    assert "PRIVATE" not in result.out
    csr = (folder(office) / "request.pem").read_text(encoding="utf-8")
    assert subject_of(csr) == Subject(
        "example.com", organization="Example Ltd", country="DE", email="ssl@example.com"
    )
    assert stat.S_IMODE((folder(office) / "key.pem").stat().st_mode) == 0o600


def test_a_script_gets_the_file_or_an_object(office: Office) -> None:
    words = ("certificate", "request", "13", "--addon", "more", "--other", "WWW.bücher.example")
    file = folder(office, "13", "more") / "request.pem"
    assert office.run(*words, "-q").out == f"{file}\n"
    assert office.run(*words, "--approver", "me@example.org", "--json").json == {
        "schema": "cpbillmgr/certificate-request/1", "dry_run": False, "remote": "ssl", "service": "13",
        "addon": "more", "domain": "xn--bcher-kva.example", "others": ["www.xn--bcher-kva.example"],
        "approver": "me@example.org", "folder": str(file.parent), "request": str(file), "has_key": True,
    }  # fmt: skip


def test_asked_again_it_answers_with_the_one_that_is_there_and_its_approver_may_change(
    office: Office,
) -> None:
    office.run("certificate", "request", "12", "--approver", "me@example.org")
    before = (folder(office) / "request.pem").read_bytes()
    assert office.run("certificate", "request", "12", "--json").json["approver"] == "me@example.org"
    assert office.run("certificate", "request", "12", "--approver", "hostmaster").code == 0
    kept = Certificates(office.folder / "certificates").find(("12", "ssl"), 1)
    assert kept is not None
    assert (kept.approver, kept.has_key) == ("hostmaster@example.com", True)
    assert (folder(office) / "request.pem").read_bytes() == before


@pytest.mark.parametrize("by", ["file", "stdin"])
def test_a_request_made_elsewhere_is_taken_from_a_file_or_stdin(
    office: Office, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    csr = a_request("example.com", others=("www.example.com",))
    office.write("mine.csr", csr)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(csr.encode())))
    office.run("certificate", "request", "12")
    result = office.run(
        "certificate", "request", "12", "--csr", "mine.csr" if by == "file" else "-", "--json"
    )
    assert result.code == 0, result.err
    assert (result.json["others"], result.json["has_key"]) == (["www.example.com"], False)
    assert (folder(office) / "request.pem").read_text(encoding="utf-8") == csr
    assert not (folder(office) / "key.pem").exists()


@pytest.mark.parametrize("state", ["state.db", "elsewhere/other.db"])
def test_the_files_are_beside_the_state_in_force(office: Office, state: str) -> None:
    path = office.folder / state
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(office.state_file.read_bytes())
    result = office.run("certificate", "request", "12", "-q", "--state", str(path))
    assert result.out == f"{path.parent}/certificates/12/ssl/1/request.pem\n"


@pytest.mark.parametrize("csr", [None, a_request("example.com")], ids=["made", "given"])
def test_a_dry_run_checks_and_writes_nothing(office: Office, csr: str | None) -> None:
    office.write("mine.csr", csr or "")
    words = ("certificate", "request", "12", *(("--csr", "mine.csr") if csr else ()))
    shown = office.run(*words, "--dry-run", "--json")
    assert (shown.code, (office.folder / "certificates").exists()) == (0, False)
    assert shown.json == {**office.run(*words, "--json").json, "dry_run": True}


def test_the_next_one_is_for_the_next_need(office: Office) -> None:
    number = begin(office)
    with office.site("order") as opened:
        journal = opened.state.journal
        sent = journal.send(opened.state.operations.get(number), run="order", at=utc_now(), max_spend=None)
        journal.done(sent, license="7000", cost=None, at=utc_now())
    assert office.run("certificate", "request", "12", "-q").out.endswith("/12/ssl/2/request.pem\n")


def test_while_one_is_being_ordered_its_request_stays(office: Office) -> None:
    number = begin(office)
    result = office.run("certificate", "request", "12")
    assert (result.code, result.out) == (3, "")
    assert f"operation {number} has begun with a request for service 12" in result.err
    assert f"'cpbillmgr operation show {number}'" in result.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["99"], "99"),
        (["14"], "service 14 asks for no license"),
        (["16"], "service 16 asks for no license"),
        (["12", "--addon", "more"], "add-on more of service 12 asks for no license"),
        (["13"], "service 13 asks for several licenses. Name one of its add-ons: ssl, more"),
        (
            ["12", "--remote", "main"],
            'no certificates are sold by main. One with product_type = "certificate"',
        ),
        (["12", "--approver", "a b"], "'a b' is neither a mailbox nor a mail address"),
        (["12", "--other", "www"], "'www' is no domain that a certificate can be for"),
        (["12", "--csr", "none.csr"], "'none.csr': No such file or directory"),
        (["12", "--csr", "empty"], "this is no request for a certificate (PEM)"),
        (["12", "--csr", "net.csr"], "the request is for example.net, and not for example.com"),
        (["12", "--csr", "com.csr", "--other", "a.example"], "not for example.com, a.example"),
        (["15"], "'web15' is no domain that a certificate can be for"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_does_not_fit_is_one_line(office: Office, words: list[str], told: str) -> None:
    office.import_services(site("15", "web15"), site("16", status="deleted"))
    office.write("empty", "")
    office.write("net.csr", a_request("example.net"))
    office.write("com.csr", a_request("example.com"))
    result = office.run("certificate", "request", *words)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert told in result.err
    assert not (office.folder / "certificates").exists()


def test_one_that_is_there_for_other_domains_is_not_taken_for_what_is_asked(office: Office) -> None:
    office.run("certificate", "request", "12", "--other", "www.example.com")
    assert office.run("certificate", "request", "12", "--other", "www.example.com").code == 0
    result = office.run("certificate", "request", "12", "--other", "shop.example.com")
    assert (result.code, result.err) == (2, (
        "cpbillmgr: error: the request is for example.com, www.example.com, and not for example.com, "
        f"shop.example.com. Move {folder(office)} away to have another one made\n"
    ))  # fmt: skip
    office.import_services(site("12", "renamed.example"))
    assert "and not for renamed.example" in office.run("certificate", "request", "12").err


def test_where_one_was_issued_the_request_is_for_the_next_one(office: Office) -> None:
    csr = a_request("example.com")
    kept = Certificates(office.folder / "certificates")
    kept.give(("12", "ssl"), 1, csr, "admin@example.com")
    kept.keep(("12", "ssl"), 1, [an_authority().issue(csr)])
    office.write("mine.csr", a_request("example.com"))
    result = office.run("certificate", "request", "12", "--csr", "mine.csr")
    assert result.code == 0
    assert (office.folder / "certificates/12/ssl/2/request.pem").is_file()


def test_without_an_approver_none_is_made(office: Office) -> None:
    office.set_settings(seller(office, "ssl"))
    result = office.run("certificate", "request", "12")
    assert (result.code, result.err) == (2, (
        "cpbillmgr: error: there is nobody to approve the certificate for example.com. "
        "Name one with --approver, or in the settings: approver of [certificates]\n"
    ))  # fmt: skip
    assert office.run("certificate", "request", "12", "--approver", "admin").code == 0
    assert (
        "remote ssl sells certificates, and there is no approver"
        in office.run("config", "check", "--offline").err
    )


def test_of_several_remotes_that_sell_certificates_one_has_to_be_named(office: Office) -> None:
    office.set_settings(TABLE + seller(office, "ssl") + seller(office, "ssl2"))
    result = office.run("certificate", "request", "12")
    assert (result.code, result.err) == (2, (
        "cpbillmgr: error: certificates are sold by several remotes. Name one with --remote: ssl, ssl2\n"
    ))  # fmt: skip
    assert office.run("certificate", "request", "12", "--remote", "ssl2").code == 0


def test_an_order_says_what_the_request_is_for_and_whom_to_turn_to(office: Office) -> None:
    office.run("certificate", "request", "12", "--other", "www.example.com")
    with office.site("order") as opened:
        settings = opened.wishes.settings
    kept = Certificates(settings.certificate_folder).find(("12", "ssl"), 1)
    assert kept is not None
    request = request_for(settings.certificates, kept)
    assert (request.csr, request.approver, request.country_id) == (kept.csr, "admin@example.com", 61)
    assert request.subject == subject_of(request.csr)
    assert request.subject.others == ("www.example.com",)
    assert request.contact == Contact(first_name="Ada", email="ssl@example.com")
