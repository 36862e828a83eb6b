"""Certificates: ordered with a request of our own, approved by somebody, fetched when they are issued."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from cpbillmgr.errors import AcceptedWithoutId, NotFound, ValueRefused
from cpbillmgr.model.certificates import Contact, Issue, Request, Subject
from cpbillmgr.model.changes import Order
from cpbillmgr.model.products import ProductType
from cpbillmgr.sandbox import WorldFile, approve
from tests.contract.conftest import (
    OF_CERTIFICATES,
    STRANGEST,
    Remote,
    one_at_a_time,
    pretended,
    spelled,
    spoken,
)
from tests.sandbox.certificates import new_request

DOMAIN, OTHER, MARK = "example.com", "www.example.com", "cpb1-main-77-ssl-1"
CSR = new_request(DOMAIN, OTHER)[0]
TELLING_LEAST = {"certificate_status": "active", "issue_told": "none", "certificate_files": "edit"}
VARIANTS = [
    *(variants for generation, variants in spoken() if generation != 4),
    *one_at_a_time(OF_CERTIFICATES),
    {"certificate_status": "active", "issue_told": "form"},
    {**STRANGEST[6], **TELLING_LEAST, "crt_type": "own"},
]


@pytest.fixture(params=VARIANTS, ids=lambda variants: spelled((6, variants)))
def seller(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """A pretend remote in one of its variants, of which certificates are asked."""
    with ExitStack() as stack:
        yield pretended(stack, tmp_path / "world.json", 6, request.param, ProductType.CERTIFICATE)


def an_order() -> Order:
    subject = Subject(DOMAIN, (OTHER,), "Example Ltd", "IT", "Berlin", "Berlin", "DE", "info@example.com")
    contact = Contact("Ann", "Lee", "Head", "ann@example.com", "+49 30 1")
    request = Request(CSR, subject, f"admin@{DOMAIN}", contact, country_id=80)
    return Order(55348, 12, "", DOMAIN, MARK, request=request)


def bought(seller: Remote) -> str:
    """Order one and return its id, which is in the list where the answer does not tell it."""
    try:
        return seller.billing.order(an_order())
    except AcceptedWithoutId:
        (row,) = seller.billing.licenses()
        return row.id


def told(seller: Remote, issue: Issue) -> tuple[Issue | None, Issue | None]:
    """Return how far a certificate seems to have come by row and by form, where that is not always told."""
    match seller.variants.get("issue_told", "both"):
        case "both":
            return issue, issue
        case "form":
            return None, issue
        case _:
            is_active = issue is Issue.ISSUED or seller.variants.get("certificate_status") == "active"
            return None, Issue.ISSUED if is_active else Issue.REQUESTED


def shown(seller: Remote, id: str) -> tuple[Issue | None, Issue | None]:
    (row,) = seller.billing.licenses()
    return row.issue, seller.billing.license(id).issue


def settled(seller: Remote, id: str, *, refuse: bool = False) -> None:
    """Do what the approver does with the mail."""
    assert seller.world is not None
    approve(WorldFile(seller.world), int(id), refuse=refuse)


def test_an_order_is_paid_once_whatever_our_request_is_called(seller: Remote) -> None:
    id = bought(seller)
    order, form = an_order(), seller.billing.license(id)
    (row,) = seller.billing.licenses()
    assert (form.name, form.ip, form.remoteid) == (DOMAIN, "", MARK)
    assert (row.name, row.ip, row.tariff) == (DOMAIN, "", order.tariff)
    assert (form.tariff, form.period) == (order.tariff, order.period)
    assert seller.charges == 1


@pytest.mark.parametrize("seller", [{"enroll_delay_seconds": "3600"}], indirect=True, ids=["slow"])
def test_it_is_requested_before_anybody_is_asked_to_approve_it(seller: Remote) -> None:
    assert shown(seller, bought(seller)) == (Issue.REQUESTED, Issue.REQUESTED)


def test_it_waits_for_the_approver_and_then_has_files(seller: Remote) -> None:
    id = bought(seller)
    assert shown(seller, id) == told(seller, Issue.WAITING)
    assert seller.billing.certificate_files(id) == ()
    settled(seller, id)
    assert shown(seller, id) == told(seller, Issue.ISSUED)
    leaf, *chain = (
        x509.load_pem_x509_certificate(each.encode()) for each in seller.billing.certificate_files(id)
    )
    assert leaf.public_key() == x509.load_pem_x509_csr(CSR.encode()).public_key()
    assert chain
    leaf.verify_directly_issued_by(chain[0])
    assert seller.billing.license(id).expires == leaf.not_valid_after_utc.date()
    assert seller.charges == 1


def test_one_that_is_refused_has_failed_and_has_no_files(seller: Remote) -> None:
    id = bought(seller)
    settled(seller, id, refuse=True)
    assert shown(seller, id) == told(seller, Issue.FAILED)
    assert seller.billing.certificate_files(id) == ()


def test_what_nobody_can_issue_costs_nothing(seller: Remote) -> None:
    order = an_order()
    assert order.request is not None
    broken = replace(order.request, csr=order.request.csr.replace("A", "B"))
    with pytest.raises(ValueRefused):
        seller.billing.order(replace(order, request=broken))
    with pytest.raises(ValueRefused) as refused:
        seller.billing.order(replace(order, request=replace(order.request, approver="admin@example.org")))
    assert "certificate request SERVICE --approver MAIL" in refused.value.hint
    assert seller.billing.licenses() == []
    assert seller.charges == 0


def test_a_certificate_that_is_not_there_has_no_files(seller: Remote) -> None:
    with pytest.raises(NotFound):
        seller.billing.certificate_files("999999999")
