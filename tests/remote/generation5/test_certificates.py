"""Certificates: their order as the vendor documents it, and how far they have come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.model.certificates import Contact, Issue, Request, Subject
from cpbillmgr.model.changes import Order
from cpbillmgr.model.licenses import License
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.generation5 import requests
from cpbillmgr.remote.generation5.licenses import license_of_form, license_of_row
from tests.remote.reading import parsed

CERTIFICATE = ProductType.CERTIFICATE
OTHERS = [product for product in ProductType if product is not CERTIFICATE]
CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMIIC\n-----END CERTIFICATE REQUEST-----\n"
LITTLE = Request(CSR, Subject("example.com"), approver="admin@example.com")
ORDER = Order(55348, 12, "", "example.com", "cpb1-main-17-ssl-1", request=LITTLE)
PAID = (
    "clicked_button=finish&sok=ok&skipbasket=on&autoprolong=null&remoteid=cpb1-main-17-ssl-1"
    "&pricelist=55348&period=12&CN=example.com&crt_type=existing&approver_email_1=admin@example.com"
)


def spelled(order: Order) -> tuple[str, dict[str, str]]:
    return requests.parameters(order, CERTIFICATE)


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split("&"))


def test_an_order_names_domain_request_and_approver() -> None:
    assert spelled(ORDER) == ("certificate.order.param", {**pairs(PAID), "csr": CSR})


def test_an_order_says_all_that_is_known_of_its_subject_and_contact() -> None:
    request = replace(
        LITTLE,
        subject=Subject(
            "example.com",
            ("www.example.com", "example.org"),
            "Example Ltd",
            "IT",
            "Irkutsk",
            "Siberia",
            "RU",
            "info@example.com",
        ),
        contact=Contact("Ann", "Lee", "Head", "ann@example.com", "+7 1"),
        country_id=182,
    )
    contact = "{0}_fname=Ann&{0}_lname=Lee&{0}_jtitle=Head&{0}_email=ann@example.com&{0}_phone=+7 1"
    more = (
        "O=Example Ltd&OU=IT&L=Irkutsk&ST=Siberia&field_country=182&emailAddress=info@example.com"
        "&altname=www.example.com example.org&altname_input=www.example.com example.org"
    )
    expected = "&".join((PAID, more, contact.format("adm"), contact.format("tech")))
    assert spelled(replace(ORDER, request=request))[1] == {**pairs(expected), "csr": CSR}


def test_a_private_key_is_never_sent() -> None:
    assert "key" not in spelled(ORDER)[1]


def test_a_certificate_is_not_ordered_without_a_request_nor_anything_else_with_one() -> None:
    with pytest.raises(ValueError, match="without a request"):
        spelled(replace(ORDER, request=None))
    for product in OTHERS:
        with pytest.raises(ValueError, match="with a request"):
            requests.parameters(ORDER, product)


def test_a_request_for_one_domain_orders_no_certificate_for_another() -> None:
    with pytest.raises(ValueError, match=r"for example\.com, not for example\.org"):
        spelled(replace(ORDER, name="example.org"))


def test_files_are_asked_for_in_their_list_and_one_by_one() -> None:
    assert requests.certificate_files("7") == ("certificate.file", {"elid": "7"})
    assert requests.certificate_file("3", "7") == ("certificate.file.edit", {"elid": "3", "plid": "7"})


def row(fields: str, product: ProductType = CERTIFICATE) -> License:
    return license_of_row(parsed(f"<elem><id>7</id>{fields}</elem>"), "main", product)


def form(fields: str, product: ProductType = CERTIFICATE) -> License:
    return license_of_form(parsed(f"<doc><elid>7</elid>{fields}</doc>"), "7", "main", product)


def test_a_certificate_is_known_by_its_domain() -> None:
    fields = "<CN>example.com</CN><status>2</status><ip>203.0.113.5</ip>"
    for read in (row(fields), form(fields)):
        assert (read.name, read.ip) == ("example.com", "")


STAGES = [("3", Issue.REQUESTED), ("4", Issue.WAITING), ("5", Issue.ISSUED), ("6", Issue.FAILED)]
SPELLINGS = [
    "<service_status>{}</service_status>",
    '<service_status orig="{}">In words</service_status>',
    '<service_status color="green" orig="">{}</service_status>',
    "<service_status> {}\n</service_status>",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("status", ["1", "2", "3", "5"])
@pytest.mark.parametrize(("number", "issue"), STAGES)
def test_what_is_told_counts_whatever_the_status_is(
    number: str, issue: Issue, status: str, spelling: str
) -> None:
    fields = f"<status>{status}</status>{spelling.format(number)}"
    assert (row(fields).issue, form(fields).issue) == (issue, issue)


@pytest.mark.parametrize(
    "told",
    ["", *(SPELLINGS[0].format(each) for each in ("", "0", "1", "2", "7", "issued"))],
    ids=["not at all", "empty", "0", "1", "2", "7", "words"],
)
@pytest.mark.parametrize(
    ("status", "in_a_form"),
    [("1", None), ("2", Issue.ISSUED), ("3", None), ("4", None), ("5", Issue.REQUESTED)],
)
def test_what_is_not_told_is_concluded_from_the_status_in_forms_alone(
    told: str, status: str, in_a_form: Issue | None
) -> None:
    fields = f"<status>{status}</status>{told}"
    assert (row(fields).issue, form(fields).issue) == (None, in_a_form)


@pytest.mark.parametrize("product", OTHERS)
def test_nothing_else_is_issued(product: ProductType) -> None:
    fields = "<status>2</status><service_status>5</service_status>"
    assert (row(fields, product).issue, form(fields, product).issue) == (None, None)


def test_a_certificate_with_an_unknown_status_is_an_error_all_the_same() -> None:
    with pytest.raises(AnswerNotUnderstood, match="unknown status"):
        form("<service_status>5</service_status>")
