"""Certificates: how they are ordered, and the request that the remote makes."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.sandbox.certificates import DOMAIN, field, issue_status, new_request, order_form, ordered
from tests.sandbox.conftest import Remote, Start, tags, value

Refusal = tuple[str | None, str | None]


def order_refused(remote: Remote, *domains: str, **params: object) -> Refusal:
    return remote.refused("certificate.order.param", **order_form(*domains, **params))


def test_a_certificate_is_paid_at_once_and_waits_for_its_approver(remote: Remote) -> None:
    elid = ordered(remote, remoteid="cpb1-a")
    assert issue_status(remote, elid) == ("4", "5")
    assert [field(remote, elid, name) for name in ("CN", "remoteid", "approver_email_1", "csr")] == [
        DOMAIN, "cpb1-a", "admin@example.com", new_request(DOMAIN)[0],
    ]  # fmt: skip
    (charge,) = remote.kept["charges"]
    assert (charge["license"], charge["amount"]) == (int(elid), "45.00")
    (row,) = remote.good("certificate").findall("elem")
    assert (value(row, "id"), value(row, "CN")) == (elid, DOMAIN)
    assert not {"ip", "licname", "lickey"} & set(tags(row))


def test_a_certificate_in_the_cart_is_sent_on_when_it_is_paid(remote: Remote) -> None:
    doc = remote.good("certificate.order.param", **order_form(skipbasket=""))
    elid = value(doc, "id")
    assert issue_status(remote, elid) == ("0", "1")
    assert field(remote, elid, "status_msg") == "Not paid"
    remote.good("payment.add", billorder=value(doc, "billorder"), clicked_button="fromsubaccount", sok="ok")
    assert issue_status(remote, elid) == ("4", "5")


def test_an_order_without_money_is_refused(start: Start) -> None:
    remote = start(account={"balance": "44.99"})
    assert order_refused(remote)[0] == "not_enough_money"
    assert remote.good("certificate").findall("elem") == []


BROKEN = "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"


def tampered() -> str:
    """A request in which one byte of the domain was changed after it was signed."""
    der = x509.load_pem_x509_csr(new_request(DOMAIN)[0].encode()).public_bytes(serialization.Encoding.DER)
    changed = der.replace(b"www.example.com", b"wwx.example.com")
    assert changed != der
    body = base64.encodebytes(changed).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{body}-----END CERTIFICATE REQUEST-----\n"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"csr": ""}, ("missed", "csr")),
        ({"csr": "no request"}, ("value", "csr")),
        ({"csr": BROKEN}, ("value", "csr")),
        ({"csr": tampered()}, ("value", "csr")),
        ({"csr": new_request()[0]}, ("value", "csr")),
        ({"CN": "example.org"}, ("value", "CN")),
        ({"approver_email_1": ""}, ("missed", "approver_email_1")),
        ({"approver_email_1": "me@example.com"}, ("value", "approver_email_1")),
        ({"crt_type": ""}, ("missed", "crt_type")),
        ({"crt_type": "mine"}, ("value", "crt_type")),
        ({"crt_type": "generate"}, ("missed", "key")),
        ({"crt_type": "generate", "key": "no key"}, ("value", "key")),
        ({"crt_type": "generate", "key": new_request("example.net")[1]}, ("value", "key")),
        ({"period": 1}, ("value", "period")),
        ({"pricelist": 55227}, ("value", "pricelist")),
    ],
)
def test_a_wrong_order_is_refused_and_sells_nothing(
    remote: Remote, changed: dict[str, object], expected: Refusal
) -> None:
    before = remote.kept
    assert order_refused(remote, **changed) == expected
    assert remote.kept == before


@pytest.mark.parametrize("crt_type", ["existing", "exists", "own"])
def test_what_an_order_with_a_request_of_our_own_is_called_is_a_variant(start: Start, crt_type: str) -> None:
    remote = start(crt_type=crt_type)
    others = {"existing", "exists", "own"} - {crt_type}
    assert {order_refused(remote, crt_type=each) for each in others} == {("value", "crt_type")}
    ordered(remote, crt_type=crt_type)


@pytest.mark.parametrize(
    ("domain", "approver", "good"),
    [
        (DOMAIN, "admin@www.example.com", True),
        (DOMAIN, "Postmaster@Example.com", True),
        (DOMAIN, "webmaster@mail.example.com", False),
        (DOMAIN, "hostmaster@com", False),
        (DOMAIN, "info@example.com", False),
        (DOMAIN, "admin@example.com.example.org", False),
        (DOMAIN, "example.com", False),
        ("*.shop.example.com", "administrator@shop.example.com", True),
        ("*.shop.example.com", "admin@*.shop.example.com", False),
        ("localhost", "admin@localhost", True),
    ],
)
def test_who_approves_has_a_mailbox_for_that_at_the_domain_or_above_it(
    remote: Remote, domain: str, approver: str, good: bool
) -> None:
    doc = remote.call("certificate.order.param", **order_form(domain, approver_email_1=approver))
    assert (doc.find("error") is None) == good


@pytest.mark.parametrize("sent", ["", DOMAIN, "WWW.EXAMPLE.COM"])
def test_the_domain_is_the_one_of_the_request(remote: Remote, sent: str) -> None:
    assert field(remote, ordered(remote, CN=sent), "CN") == DOMAIN


def test_what_else_an_order_says_is_shown_in_both_forms(remote: Remote) -> None:
    details = {"O": "Example & Co", "field_country": "182", "adm_email": "a@example.com", "tech_fname": "Ann"}
    form = remote.good("certificate.order.param", **order_form(sok="", CN=DOMAIN, **details))
    assert {name: value(form, name) for name in details} == details
    keys = {each.get("name"): [val.get("key") for val in each] for each in form.findall("slist")}
    assert keys["crt_type"] == ["generate", "existing"]
    assert {"admin@www.example.com", "webmaster@example.com"} <= set(keys["approver_email_1"])
    elid = ordered(remote, **details)
    assert {name: field(remote, elid, name) for name in [*details, "L"]} == {**details, "L": ""}


def test_the_remote_makes_a_request_and_its_key_and_keeps_neither(remote: Remote) -> None:
    before = remote.kept
    subject = {"CN": DOMAIN, "O": "Example", "field_country": 182, "altname": "example.com shop.example.com"}
    doc = remote.good("certificate.order.csr", sok="ok", snext="ok", crt_type="generate", **subject)
    csr, key = value(doc, "csr"), value(doc, "key")
    assert remote.kept == before
    request = x509.load_pem_x509_csr(csr.encode())
    assert request.subject.rfc4514_string() == f"O=Example,C=RU,CN={DOMAIN}"
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [DOMAIN, "example.com", "shop.example.com"]
    elid = ordered(remote, crt_type="generate", csr=csr, key=key)
    assert issue_status(remote, elid) == ("4", "5")
    assert "PRIVATE KEY" not in remote.path.read_text(encoding="utf-8") + str(remote.control("calls"))


def test_the_request_and_its_key_are_in_the_model_of_flat_json(remote: Remote) -> None:
    body = remote.body("certificate.order.csr", out="bjson", sok="ok", crt_type="generate", CN=DOMAIN)
    model = json.loads(body)["model"]
    assert model["csr"].startswith("-----BEGIN CERTIFICATE REQUEST-----\n")
    assert model["key"].startswith("-----BEGIN PRIVATE KEY-----\n")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"CN": ""}, ("missed", "CN")),
        ({"CN": "a" * 65}, ("value", "CN")),
        ({"CN": "exämple.com"}, ("value", "CN")),
        ({"altname": "exämple.com"}, ("value", "altname")),
        ({"crt_type": ""}, ("missed", "crt_type")),
        ({"crt_type": "existing"}, ("value", "crt_type")),
    ],
)
def test_what_no_request_can_hold_is_refused(
    remote: Remote, params: dict[str, object], expected: Refusal
) -> None:
    form = {"crt_type": "generate", "CN": DOMAIN, **params}
    assert remote.refused("certificate.order.csr", sok="ok", **form) == expected
    assert value(remote.good("certificate.order.csr", **form), "CN") == form["CN"], "only asked"
