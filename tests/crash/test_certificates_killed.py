"""kill -9 while a certificate is ordered, fetched or renewed: paid once, with the request that is on disk."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from itertools import count

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cpbillmgr.model.mark import Mark
from tests.conftest import OpenOffice
from tests.crash.conftest import Strike
from tests.crash.scenes import CHECKEVENT, FIXCHILDS, LOOKS_AT, again
from tests.runs.certificates import an_office, approve, bought, files, folder, let_it_end, ordered, served
from tests.runs.office import Office
from tests.tally import Tally

WAITING = 4  # service_status of one that waits for its approver
FILES = ["approver.txt", "certificate.pem", "chain.pem", "fullchain.pem", "key.pem", "request.pem"]


def without(open_office: OpenOffice) -> Office:
    """Open an office whose service has no certificate yet."""
    return an_office(open_office)


def issued(open_office: OpenOffice) -> Office:
    """Open an office whose certificate has been issued since the last look."""
    office = an_office(open_office)
    assert office.run("fixchilds", "--yes").code == 0
    assert office.run("checkevent").code == 0
    approve(office, bought(office)[0]["id"])
    return office


def ending(open_office: OpenOffice) -> Office:
    """Open an office whose certificate is about to end."""
    office = served(open_office)
    let_it_end(office, 10)
    return office


SCENES: dict[str, tuple[Callable[[OpenOffice], Office], Sequence[str], int]] = {
    "ordered": (without, FIXCHILDS, 1),
    "fetched": (issued, CHECKEVENT, 1),
    "renewed": (ending, CHECKEVENT, 2),
}


@pytest.mark.parametrize("name", SCENES)
def test_whenever_a_run_is_killed_a_certificate_is_paid_once_and_its_files_are_whole(
    name: str, open_office: OpenOffice, strike: Strike, tally: Tally
) -> None:
    """Kill a run at its first boundary, another one at its second, until one is over before it is killed."""
    prepare, words, paid = SCENES[name]
    for boundary in count(1):
        office = prepare(open_office)
        ended = strike(office, words, at=boundary, minutes=0)
        if not ended.struck:
            break
        with tally.case("killed at a boundary", f"a certificate is {name}, {boundary}: {ended.struck}"):
            assert ended.code == -signal.SIGKILL
            for minutes in LOOKS_AT:
                again(office, words, minutes)
            for each in bought(office):
                if each["certificate"]["service_status"] < WAITING + 1:
                    approve(office, each["id"])
            again(office, CHECKEVENT, LOOKS_AT[-1])
            check_end(office, paid)


def check_end(office: Office, paid: int) -> None:
    """Check that what was paid is on disk, each with its own request and key, and the newest is current."""
    assert [charge["amount"] for charge in office.world["charges"]] == ["45.00"] * paid
    certificates = bought(office)
    assert len(certificates) == paid
    for each in certificates:
        mark = Mark.read(each["remoteid"])
        assert mark is not None
        assert files(office, mark.generation) == FILES
        place = folder(office, mark.generation)
        assert (place / "request.pem").read_text(encoding="utf-8") == each["certificate"]["csr"]
        key = load_pem_private_key((place / "key.pem").read_bytes(), None)
        leaf = x509.load_pem_x509_certificate((place / "certificate.pem").read_bytes())
        assert key.public_key() == leaf.public_key()
    assert folder(office).readlink().name == str(paid)
    assert office.links == {"90": str(certificates[-1]["id"])}
    assert len({(order["remoteid"], order["csr"]) for order in ordered(office)}) <= paid
    office.check_promises()
    office.forget_calls()
    again(office, CHECKEVENT, LOOKS_AT[-1] + 1)
    assert office.writes == []
