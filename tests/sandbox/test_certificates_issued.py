"""Certificates: how they come to be issued by the pretend authority, and how they are fetched."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from cpbillmgr.sandbox import WorldFile, approve
from cpbillmgr.sandbox.world.nouns import World
from tests.sandbox.certificates import DOMAIN, DOMAINSSL, field, issue_status, new_request, ordered
from tests.sandbox.conftest import Remote, Start, tags, value


def approved(remote: Remote, elid: str) -> None:
    assert remote.control("approve", id=elid) == {"service_status": 5}


def files(remote: Remote, elid: str) -> dict[str, ET.Element]:
    rows = remote.good("certificate.file", elid=elid).findall("elem")
    return {value(row, "name"): row for row in rows}


def issued(remote: Remote, elid: str) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The certificate that was issued, and its chain."""
    found = files(remote, elid)
    domain = field(remote, elid, "CN")
    leaf, chain = (value(found[f"{domain}.{ending}"], "content").encode() for ending in ("crt", "ca"))
    return x509.load_pem_x509_certificate(leaf), x509.load_pem_x509_certificates(chain)


def test_a_request_is_sent_on_before_it_waits(start: Start) -> None:
    remote = start(enroll_delay_seconds=60)
    elid = ordered(remote)
    assert issue_status(remote, elid) == ("3", "5")
    status, told = remote.controls("approve", id=elid)
    assert (status, told) == (400, f"certificate {elid} does not wait for approval: request sent\n")


@pytest.mark.parametrize(("passed", "expected"), [(-60, "3"), (1, "4")])
def test_it_waits_when_its_time_has_come(start: Start, passed: int, expected: str) -> None:
    waits_at = datetime.now(UTC) - timedelta(seconds=passed)
    certificate = {"csr": "", "approver": "", "service_status": 3, "waits_at": waits_at.isoformat()}
    remote = start(licenses=[{"id": 1, "pricelist": DOMAINSSL, "certificate": certificate}])
    assert field(remote, 1, "service_status") == expected


@pytest.mark.parametrize(("variant", "waiting", "failed"), [("processing", "5", "5"), ("active", "2", "2")])
def test_the_status_until_it_is_issued_is_a_variant(
    start: Start, variant: str, waiting: str, failed: str
) -> None:
    remote = start(certificate_status=variant)
    good, bad = ordered(remote), ordered(remote)
    assert issue_status(remote, good) == issue_status(remote, bad) == ("4", waiting)
    approved(remote, good)
    assert remote.control("approve", id=bad, refuse="on") == {"service_status": 6}
    assert issue_status(remote, good) == ("5", "2")
    assert issue_status(remote, bad) == ("6", failed)


@pytest.mark.parametrize(
    ("variant", "in_row", "in_form"), [("both", True, True), ("form", False, True), ("none", False, False)]
)
def test_how_far_it_has_come_is_told_in_numbers_where_the_variant_says_so(
    start: Start, variant: str, in_row: bool, in_form: bool
) -> None:
    remote = start(issue_told=variant)
    elid = ordered(remote)
    (row,) = remote.good("certificate").findall("elem")
    form = remote.good("certificate.edit", elid=elid)
    assert [each.findtext("service_status") for each in (row, form)] == [
        "4" if in_row else None,
        "4" if in_form else None,
    ]
    assert [each.findtext("status_msg") for each in (row, form)] == ["Waiting for approval"] * 2


def test_only_a_certificate_tells_how_far_it_has_come(remote: Remote) -> None:
    for element in (remote.row(1), remote.good("soft.edit", elid=1)):
        assert not {"service_status", "status_msg", "csr"} & set(tags(element))


@pytest.mark.parametrize(("period", "until"), [(12, "2027-11-24"), (24, "2028-11-24")])
def test_it_is_good_from_today_for_its_period(remote: Remote, period: int, until: str) -> None:
    elid = ordered(remote, period=period)
    remote.control("clock", days=3)
    approved(remote, elid)
    leaf, _ = issued(remote, elid)
    assert str(leaf.not_valid_before_utc) == "2026-11-24 00:00:00+00:00"
    assert str(leaf.not_valid_after_utc) == f"{until} 00:00:00+00:00"
    assert field(remote, elid, "expiredate") == until


@pytest.mark.parametrize("domains", [(DOMAIN,), (DOMAIN, "example.com"), ("*.example.com", "example.com")])
def test_it_is_of_the_requests_key_and_domains_and_verifies_against_its_chain(
    remote: Remote, domains: tuple[str, ...]
) -> None:
    elid = ordered(remote, *domains)
    approved(remote, elid)
    leaf, (intermediate, root) = issued(remote, elid)
    assert leaf.public_key() == x509.load_pem_x509_csr(new_request(*domains)[0].encode()).public_key()
    assert leaf.subject.rfc4514_string() == f"CN={domains[0]}"
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert tuple(names.get_values_for_type(x509.DNSName)) == domains
    policy = PolicyBuilder().store(Store([root])).time(datetime(2027, 1, 1, tzinfo=UTC))
    for domain in domains:
        server = policy.build_server_verifier(x509.DNSName(domain.replace("*", "shop")))
        assert server.verify(leaf, [intermediate]) == [leaf, intermediate, root]


def test_every_world_has_the_same_authority(start: Start) -> None:
    keys = []
    for _ in range(2):
        remote = start()
        elid = ordered(remote)
        approved(remote, elid)
        keys.append([each.public_key() for each in issued(remote, elid)[1]])
    assert keys[0] == keys[1]


def test_rows_hold_the_files_unless_another_variant_is_chosen(remote: Remote) -> None:
    elid = ordered(remote)
    assert [value(row, "content") for row in files(remote, elid).values()] == [new_request(DOMAIN)[0]]
    approved(remote, elid)
    assert list(files(remote, elid)) == [f"{DOMAIN}.{ending}" for ending in ("csr", "crt", "ca")]


def test_a_file_may_have_to_be_opened_by_itself(start: Start) -> None:
    remote = start(certificate_files="edit")
    elid = ordered(remote)
    approved(remote, elid)
    rows = files(remote, elid)
    assert [row.find("content") for row in rows.values()] == [None] * 3
    ids = {name: value(row, "id") for name, row in rows.items()}
    file = remote.good("certificate.file.edit", elid=ids[f"{DOMAIN}.crt"], plid=elid)
    assert len(x509.load_pem_x509_certificates(value(file, "content").encode())) == 1
    other = ordered(remote)
    for plid, expected in ((other, ("missed", "elid")), ("", ("missed", "plid"))):
        refused = remote.refused("certificate.file.edit", elid=ids[f"{DOMAIN}.crt"], plid=plid)
        assert refused == expected


def test_the_form_may_hold_the_files(start: Start) -> None:
    remote = start(certificate_files="form")
    elid = ordered(remote)
    assert [field(remote, elid, name) for name in ("crt", "ca")] == ["", ""]
    approved(remote, elid)
    assert len(x509.load_pem_x509_certificates(field(remote, elid, "crt").encode())) == 1
    assert len(x509.load_pem_x509_certificates(field(remote, elid, "ca").encode())) == 2
    for func in ("certificate.file", "certificate.file.edit"):
        assert remote.refused(func, elid=elid, plid=elid) == ("missed", "func")


def test_another_product_has_no_files(remote: Remote) -> None:
    assert remote.refused("certificate.file", elid=1) == ("missed", "elid")


def test_another_approver_gets_the_mail_as_long_as_it_waits(remote: Remote) -> None:
    elid = ordered(remote)
    edit = {"elid": elid, "sok": "ok"}
    remote.good("certificate.edit", **edit, approver_email_1="webmaster@example.com", remoteid="b")
    assert field(remote, elid, "approver_email_1") == "webmaster@example.com"
    assert field(remote, elid, "remoteid") == "b"
    told = remote.kept["history"][-1]["desc"]
    assert "approver: admin@example.com -> webmaster@example.com" in told
    wrong = remote.refused("certificate.edit", **edit, approver_email_1="me@example.com")
    assert wrong == ("value", "approver_email_1")
    approved(remote, elid)
    late = remote.refused("certificate.edit", **edit, approver_email_1="admin@example.com")
    assert late == ("value", "approver_email_1")
    remote.good("certificate.edit", **edit, autoprolong="12")
    assert field(remote, elid, "autoprolong") == "12"


def test_a_certificate_keeps_its_domain(remote: Remote) -> None:
    elid = ordered(remote)
    remote.good("certificate.edit", elid=elid, CN=DOMAIN, sok="ok")
    assert remote.refused("certificate.edit", elid=elid, CN="example.org", sok="ok") == ("value", "CN")


@pytest.mark.parametrize("func", ["certificate.suspend", "certificate.resume"])
def test_a_certificate_cannot_be_suspended(remote: Remote, func: str) -> None:
    assert remote.refused(func, elid=ordered(remote), sok="ok") == ("missed", "func")


@pytest.mark.parametrize("sok", ["", "ok"])
def test_a_certificate_is_renewed_by_another_order_alone(remote: Remote, sok: str) -> None:
    elid = ordered(remote)
    approved(remote, elid)
    assert remote.refused("service.prolong", elid=elid, period=12, sok=sok) == ("missed", "csr")
    again = ordered(remote)
    assert again != elid
    assert [each["amount"] for each in remote.kept["charges"]] == ["45.00"] * 2


def test_a_certificate_ends_by_itself(remote: Remote) -> None:
    elid = ordered(remote)
    approved(remote, elid)
    remote.control("clock", at="2027-11-20")
    assert field(remote, elid, "status") == "2"
    remote.control("clock", days=1)
    assert issue_status(remote, elid) == ("5", "3")


def test_a_deleted_certificate_is_neither_changed_nor_issued(remote: Remote) -> None:
    elid = ordered(remote)
    remote.good("certificate.delete", elid=elid, sok="ok")
    assert field(remote, elid, "status") == "4"
    assert remote.refused("certificate.edit", elid=elid, remoteid="x", sok="ok") == ("value", "status")
    assert remote.controls("approve", id=elid) == (400, f"certificate {elid} is deleted\n")


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"id": 404}, "there is no license 404"),
        ({"id": 1}, "license 1 is no certificate"),
        ({"id": "x"}, "approve needs id=NUMBER"),
        ({"refuse": "on"}, "approve needs id=NUMBER"),
    ],
)
def test_what_cannot_be_approved_is_told_in_one_line(remote: Remote, form: dict[str, str], told: str) -> None:
    before = remote.kept
    assert remote.controls("approve", **form) == (400, f"{told}\n")
    assert remote.kept == before


@pytest.mark.parametrize(("refuse", "word"), [(False, "issued"), (True, "failed")])
def test_it_is_approved_or_refused_once(remote: Remote, refuse: bool, word: str) -> None:
    elid = ordered(remote)
    approve(WorldFile(remote.path), int(elid), refuse=refuse)
    assert issue_status(remote, elid)[0] == ("6" if refuse else "5"), "a server that runs sees it"
    with pytest.raises(ValueError, match=f"^certificate {elid} does not wait for approval: {word}$"):
        approve(WorldFile(remote.path), int(elid))
    assert remote.kept["history"][-1]["func"] == "approve"


def test_a_world_with_a_certificate_is_written_as_it_was_read(remote: Remote) -> None:
    elid = ordered(remote, O="Example")
    approved(remote, elid)
    (kept,) = [each["certificate"] for each in remote.kept["licenses"] if each["id"] == int(elid)]
    assert (kept["service_status"], kept["details"]) == (5, {"O": "Example"})
    before = remote.path.read_text(encoding="utf-8")
    WorldFile(remote.path).change(World.copy)
    assert remote.path.read_text(encoding="utf-8") == before


def test_another_license_says_nothing_of_certificates_in_the_world(remote: Remote) -> None:
    ordered(remote)
    assert [each["id"] for each in remote.kept["licenses"] if "certificate" in each] == [123460]


def test_a_sandbox_that_sells_no_certificate_does_not_load_what_they_need() -> None:
    code = "import sys, cpbillmgr.sandbox; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
