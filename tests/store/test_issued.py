"""Certificates: which is for a request, and which stand above it."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from cpbillmgr.errors import AnswerNotUnderstood
from cpbillmgr.store.certificates.issued import in_order
from tests.store.authority import START, a_request, an_authority

ROOT = an_authority()
MIDDLE = ROOT.below("Middle")
CSR = a_request()
LEAF = MIDDLE.issue(CSR)
STRANGER = MIDDLE.issue(a_request("example.net"))


@pytest.mark.parametrize("csr", [CSR, None], ids=["with its request", "without"])
def test_whatever_order_they_come_in_each_is_followed_by_its_issuer(csr: str | None) -> None:
    for given in permutations([LEAF, MIDDLE.pem, ROOT.pem]):
        assert in_order(given, csr) == (LEAF, MIDDLE.pem, ROOT.pem)
        assert in_order(["".join(given), LEAF], csr) == (LEAF, MIDDLE.pem, ROOT.pem)


def test_what_stands_above_another_one_is_left_out() -> None:
    assert in_order([STRANGER, an_authority("Other").pem, MIDDLE.pem, LEAF], CSR) == (LEAF, MIDDLE.pem)


def test_one_that_was_issued_without_a_chain_stands_alone() -> None:
    assert in_order([LEAF], CSR) == (LEAF,)


def test_one_that_vouches_for_itself_stands_alone() -> None:
    assert in_order([ROOT.pem], None) == (ROOT.pem,)


def test_issuers_that_vouch_for_each_other_are_told_once() -> None:
    cross = MIDDLE.below("Root")
    assert in_order([cross.pem, LEAF, MIDDLE.pem], CSR) == (LEAF, MIDDLE.pem, cross.pem)


def test_of_several_for_one_request_the_newest_is_taken() -> None:
    newer = MIDDLE.issue(CSR, since=START + timedelta(days=9))
    assert in_order([LEAF, newer, MIDDLE.pem], CSR) == (newer, MIDDLE.pem)


@pytest.mark.parametrize(
    ("pems", "csr", "told"),
    [
        ([STRANGER, MIDDLE.pem], CSR, "none of the certificates is for our request"),
        ([STRANGER, LEAF, MIDDLE.pem], None, "is not told"),
        ([], CSR, "nothing was issued"),
        ([""], CSR, "no certificate"),
        ([LEAF, "<html>"], CSR, "no certificate"),
        ([LEAF[:300]], CSR, "no certificate"),
    ],
    ids=["stranger", "two", "nothing", "empty", "html", "cut"],
)
def test_what_is_not_for_us_is_not_understood(pems: list[str], csr: str | None, told: str) -> None:
    with pytest.raises(AnswerNotUnderstood, match=told):
        in_order(pems, csr)
