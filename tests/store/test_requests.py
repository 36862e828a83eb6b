"""Requests: what one that is made here says, and which one made elsewhere is taken."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.certificates import Subject
from cpbillmgr.store.certificates.requests import new_request, read_request, request_alone, subject_of
from tests.store.authority import a_request

WHOLE = Subject(
    "example.com",
    ("www.example.com", "xn--bcher-kva.example"),
    organization="Größe & Söhne, Ltd.",
    unit="Hosting",
    city="Saint Petersburg",
    region="Saint Petersburg",
    country="RU",
    email="certificates@example.com",
)
SIGNED = a_request()
WEAK = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what is to be refused


@pytest.fixture(scope="module")
def made() -> tuple[str, str]:
    return new_request(WHOLE)


def test_a_request_says_for_whom_it_is(made: tuple[str, str]) -> None:
    assert subject_of(made[1]) == WHOLE


def test_it_is_signed_by_its_own_key_of_2048_bits(made: tuple[str, str]) -> None:
    secret, csr = made
    key, request = load_pem_private_key(secret.encode(), None), read_request(csr)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert (key.key_size, request.is_signature_valid) == (2048, True)
    public = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert key.public_key().public_bytes(*public) == request.public_key().public_bytes(*public)
    assert secret.startswith("-----BEGIN PRIVATE KEY-----\n")  # PKCS#8, without a password
    assert request.signature_hash_algorithm is not None
    assert request.signature_hash_algorithm.name == "sha256"


def test_a_part_of_the_subject_that_is_empty_is_left_out() -> None:
    csr = new_request(Subject("*.example.com"))[1]
    assert subject_of(csr) == Subject("*.example.com")
    assert read_request(csr).subject.rfc4514_string() == "CN=*.example.com"


def test_domains_are_spelled_in_ascii_each_once() -> None:
    csr = new_request(Subject("Bücher.Example", ("bücher.example", "www.example.com")))[1]
    assert subject_of(csr) == Subject("xn--bcher-kva.example", ("www.example.com",))


@pytest.mark.parametrize("domain", ["web12", f"{'a' * 60}.example.com"])
def test_a_domain_that_no_certificate_can_be_named_after_is_refused(domain: str) -> None:
    with pytest.raises(UsageWrong, match=f"^'{domain}' is "):
        new_request(Subject(domain))


def test_without_a_name_the_first_domain_of_the_san_is_the_domain() -> None:
    csr = a_request("", others=("www.example.com", "example.com"))
    assert subject_of(csr) == Subject("www.example.com", ("example.com",))


@pytest.mark.parametrize(
    ("csr", "told"),
    [
        ("", "this is no request for a certificate"),
        ("\udcff\x00", "this is no request for a certificate"),
        (a_request()[:200], "this is no request for a certificate"),
        (a_request("web12"), "'web12' is no domain"),
        (a_request(""), "names no domain"),
        (a_request(others=("*.*.example.com",)), "is no domain"),
        (a_request(key=WEAK), "is too weak: 1024 bits"),
        (a_request(key=ec.generate_private_key(ec.SECP224R1())), "is too weak: 224 bits"),
        (a_request(key=ed25519.Ed25519PrivateKey.generate()), "is neither RSA nor EC"),
    ],
    ids=["empty", "bytes", "cut", "no domain", "no name", "odd SAN", "weak RSA", "weak EC", "ed25519"],
)
def test_what_nobody_would_issue_for_is_refused_in_one_line(csr: str, told: str) -> None:
    with pytest.raises(UsageWrong, match=told) as caught:
        subject_of(csr)
    assert "\n" not in str(caught.value)


@given(st.integers(0, 10_000), st.characters())
def test_one_that_was_changed_is_refused_or_says_the_same(at: int, char: str) -> None:
    place = at % len(SIGNED)
    try:
        found = subject_of(SIGNED[:place] + char + SIGNED[place + 1 :])
    except UsageWrong:
        return
    assert found == Subject("example.com")


def test_of_a_text_with_a_key_only_the_request_is_left(made: tuple[str, str]) -> None:
    secret, csr = made
    assert request_alone(f"here it is:\n{secret}{csr}bye") == csr
