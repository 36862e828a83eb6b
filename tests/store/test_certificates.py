"""Keys, requests and certificates in their folders: whole, private, and each where it belongs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from cpbillmgr.errors import AnswerNotUnderstood, Held, StateUnusable, UsageWrong
from cpbillmgr.model.certificates import Subject
from cpbillmgr.store.certificates.folders import REQUEST, Certificates, Kept
from cpbillmgr.store.certificates.requests import read_request, subject_of
from tests.store.authority import Authority, a_request, an_authority

CHILD = ("12", "ssl")
SUBJECT = Subject("example.com", organization="Example Ltd")
APPROVER = "admin@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "certificates"


@pytest.fixture
def certificates(folder: Path) -> Certificates:
    return Certificates(folder)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return an_authority().below("Middle")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.parent.is_symlink())


def request_of(kept: Kept) -> str:
    assert kept.csr is not None
    return kept.csr


def test_where_nothing_was_prepared_nothing_is_found(certificates: Certificates, folder: Path) -> None:
    assert certificates.find(CHILD, 1) is None
    assert certificates.newest(CHILD) == 0
    assert not folder.exists()


def test_a_request_is_prepared_with_its_key(certificates: Certificates, folder: Path) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    assert kept.folder == folder / "12" / "ssl" / "1"
    assert (kept.approver, kept.has_key, kept.certificate) == (APPROVER, True, None)
    assert subject_of(request_of(kept)) == SUBJECT
    key = load_pem_private_key((kept.folder / "key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.public_key() == read_request(request_of(kept)).public_key()


def test_it_is_the_same_ever_after(certificates: Certificates, folder: Path) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    before = everything(folder)
    assert certificates.prepare(CHILD, 1, Subject("example.com", unit="IT"), "me@example.org") == kept
    assert Certificates(folder).find(CHILD, 1) == kept
    assert everything(folder) == before


def test_each_need_has_its_own(certificates: Certificates) -> None:
    needs = [(CHILD, 1), (CHILD, 2), (("12", "more"), 1), (("13", "ssl"), 1)]
    made = {request_of(certificates.prepare(*need, SUBJECT, APPROVER)) for need in needs}
    assert len(made) == len(needs)


def test_what_somebody_puts_beside_a_request_is_no_part_of_it(certificates: Certificates) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    secret = (kept.folder / "key.pem").read_text(encoding="utf-8")
    (kept.folder / REQUEST).write_text(secret + request_of(kept), encoding="utf-8")
    assert certificates.find(CHILD, 1) == kept


def test_a_request_for_another_domain_is_not_ordered_with(certificates: Certificates) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    with pytest.raises(Held, match=f"is for example.com, not for example.net .{kept.folder}"):
        certificates.prepare(CHILD, 1, Subject("example.net"), APPROVER)


def test_nobody_else_may_read_any_of_it(
    certificates: Certificates, folder: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0)
    try:
        kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
        certificates.keep(CHILD, 1, [authority.issue(request_of(kept)), authority.pem])
    finally:
        os.umask(before)
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert set(found.values()) == {0o600, 0o700}
    assert {path.is_dir() for path, mode in found.items() if mode == 0o700} == {True}
    assert sorted(path.name for path in files(kept.folder)) == [
        "approver.txt", "certificate.pem", "chain.pem", "fullchain.pem", "key.pem", "request.pem",
    ]  # fmt: skip


def test_a_request_made_elsewhere_is_kept_without_what_stands_beside_it(certificates: Certificates) -> None:
    csr = a_request()
    kept = certificates.give(CHILD, 1, f"my request:\n{csr}", APPROVER)
    assert (kept.csr, kept.approver, kept.has_key) == (csr, APPROVER, False)
    assert certificates.prepare(CHILD, 1, SUBJECT, "me@example.org") == kept


def test_it_is_kept_in_place_of_one_that_was_not_issued_which_is_put_aside(
    certificates: Certificates, folder: Path
) -> None:
    certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    before = everything(folder)
    for csr in (a_request(), a_request()):
        kept = certificates.give(CHILD, 1, csr, APPROVER)
        assert (kept.csr, kept.has_key) == (csr, False)
    child = folder / "12" / "ssl"
    assert sorted(path.name for path in child.iterdir()) == ["1", "1.replaced-1", "1.replaced-2"]
    assert everything(child / "1.replaced-1") == {
        name.rpartition("/")[2]: text for name, text in before.items()
    }


def test_the_same_one_given_again_may_have_another_approver_and_keeps_its_key(
    certificates: Certificates,
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    again = certificates.give(CHILD, 1, request_of(kept), "me@example.org")
    assert (again.csr, again.has_key, again.approver) == (kept.csr, True, "me@example.org")
    assert [path.name for path in kept.folder.parent.iterdir()] == ["1"]


def test_a_key_without_a_request_is_no_key_of_one_made_elsewhere(certificates: Certificates) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    (kept.folder / REQUEST).unlink()
    assert certificates.give(CHILD, 1, a_request(), APPROVER).has_key is False


def test_where_a_certificate_was_issued_no_other_request_is_taken(
    certificates: Certificates, folder: Path, authority: Authority
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    certificates.keep(CHILD, 1, [authority.issue(request_of(kept))])
    before = everything(folder)
    with pytest.raises(UsageWrong, match="was issued for another request"):
        certificates.give(CHILD, 1, a_request(), APPROVER)
    assert everything(folder) == before


def test_what_is_no_request_is_not_taken(certificates: Certificates, folder: Path) -> None:
    with pytest.raises(UsageWrong, match="this is no request"):
        certificates.give(CHILD, 1, "hello", APPROVER)
    with pytest.raises(UsageWrong, match="too weak"):
        certificates.give(CHILD, 1, a_request(key=ec.generate_private_key(ec.SECP224R1())), APPROVER)
    assert not folder.exists()


def test_a_certificate_is_kept_with_what_stands_above_it(
    certificates: Certificates, folder: Path, authority: Authority
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    leaf = authority.issue(request_of(kept))
    kept = certificates.keep(CHILD, 1, [authority.pem, leaf])
    assert kept.certificate == folder / "12" / "ssl" / "1" / "fullchain.pem"
    assert kept.certificate.read_text(encoding="utf-8") == leaf + authority.pem
    assert (kept.folder / "certificate.pem").read_text(encoding="utf-8") == leaf
    assert (kept.folder / "chain.pem").read_text(encoding="utf-8") == authority.pem
    assert (certificates.newest(CHILD), certificates.find(CHILD, 1)) == (1, kept)


def test_current_is_the_newest_that_was_issued(certificates: Certificates, authority: Authority) -> None:
    csr = a_request()
    for generation, newest in ((0, 0), (1, 1), (0, 1), (10, 10), (2, 10), (10, 10)):
        certificates.give(CHILD, generation, csr, APPROVER)
        assert certificates.keep(CHILD, generation, [authority.issue(csr)]).certificate is not None
        assert certificates.newest(CHILD) == newest
        assert str((certificates.folder(CHILD, generation).parent / "current").readlink()) == str(newest)


def test_the_request_before_is_the_newest_earlier_one_for_a_domain_issued_or_not(
    certificates: Certificates, authority: Authority
) -> None:
    first, other, third = a_request(), a_request("example.net"), a_request()
    for generation, csr, approver in ((1, first, APPROVER), (2, other, "me@example.net"), (10, third, "")):
        certificates.give(CHILD, generation, csr, approver)
    certificates.keep(CHILD, 1, [authority.issue(first)])
    found = {
        (generation, domain): kept.csr
        for generation in (1, 3, 11)
        for domain in ("example.com", "example.net")
        if (kept := certificates.before(CHILD, generation, domain)) is not None
    }
    assert found == {
        (3, "example.com"): first,
        (3, "example.net"): other,
        (11, "example.com"): third,
        (11, "example.net"): other,
    }
    assert certificates.approved(CHILD) == {"example.net"}
    assert certificates.approved(("13", "ssl")) == frozenset()


def test_a_certificate_of_somebody_else_is_not_kept(
    certificates: Certificates, folder: Path, authority: Authority
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    before = everything(folder)
    with pytest.raises(AnswerNotUnderstood, match=f"none of the certificates is for our.*{kept.folder}"):
        certificates.keep(CHILD, 1, [authority.issue(a_request()), authority.pem])
    assert everything(folder) == before


def test_where_the_request_is_lost_a_certificate_is_kept_and_no_new_request_made(
    certificates: Certificates, authority: Authority
) -> None:
    leaf = authority.issue(a_request())
    kept = certificates.keep(CHILD, 3, [authority.pem, leaf])
    assert (kept.csr, kept.approver, kept.has_key) == (None, "", False)
    assert certificates.newest(CHILD) == 3
    with pytest.raises(Held, match="no request of it"):
        certificates.prepare(CHILD, 3, SUBJECT, APPROVER)


def test_one_whose_request_is_lost_does_not_become_current_in_place_of_another_until_it_is_restored(
    certificates: Certificates, authority: Authority
) -> None:
    first = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    certificates.keep(CHILD, 1, [authority.issue(request_of(first))])
    second = certificates.prepare(CHILD, 2, SUBJECT, APPROVER)
    lost = {name: (second.folder / name).read_bytes() for name in ("key.pem", REQUEST)}
    for name in lost:
        (second.folder / name).unlink()
    leaf = authority.issue(request_of(second))

    certificates.keep(CHILD, 2, [leaf])
    current = first.folder.parent / "current"
    assert (str(current.readlink()), certificates.is_issued(CHILD, 2)) == ("1", True)
    assert (second.folder / "certificate.pem").read_text(encoding="utf-8") == leaf

    for name, data in lost.items():
        (second.folder / name).write_bytes(data)
    assert not certificates.is_issued(CHILD, 2)
    certificates.keep(CHILD, 2, [leaf])
    assert (str(current.readlink()), certificates.is_issued(CHILD, 2)) == ("2", True)


@pytest.mark.parametrize("text", ["", "\x00\xff", "-----BEGIN CERTIFICATE REQUEST-----\n"])
def test_a_damaged_request_is_told_in_one_line_and_never_overwritten(
    certificates: Certificates, folder: Path, authority: Authority, text: str
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    (kept.folder / REQUEST).write_text(text, encoding="latin-1")
    before = everything(folder)
    works: list[Callable[[], object]] = [
        lambda: certificates.find(CHILD, 1),
        lambda: certificates.prepare(CHILD, 1, SUBJECT, APPROVER),
        lambda: certificates.give(CHILD, 1, a_request(), APPROVER),
        lambda: certificates.keep(CHILD, 1, [authority.pem]),
    ]
    for work in works:
        with pytest.raises(Held, match=f"damaged.*{kept.folder}/request.pem") as caught:
            work()
        assert "\n" not in str(caught.value)
    assert everything(folder) == before


@pytest.mark.parametrize("place", ["top", "service", "generation", "current"])
def test_what_the_disk_refuses_is_one_line_with_the_path(
    certificates: Certificates, folder: Path, authority: Authority, place: str
) -> None:
    kept = certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    places = {"top": folder, "service": folder / "12", "generation": kept.folder}
    if place in places:
        places[place].rename(folder.with_name("away"))
        places[place].write_text("in the way", encoding="utf-8")
    else:
        (kept.folder.parent / "current").mkdir()
    with pytest.raises(StateUnusable, match=f"cannot be used: .*{folder}") as caught:
        certificates.prepare(CHILD, 1, SUBJECT, APPROVER)
    assert "\n" not in str(caught.value)
    if place != "generation":
        with pytest.raises(StateUnusable, match=f"cannot be used: .*{folder}"):
            certificates.newest(CHILD)


def test_a_folder_whose_own_folder_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StateUnusable, match=r"No such file or directory .*/missing/certificates"):
        Certificates(tmp_path / "missing" / "certificates").prepare(CHILD, 1, SUBJECT, APPROVER)


class Killed(Exception):
    """The process ends here."""


Step = Callable[[Certificates], Kept]
ISSUER = an_authority()
GIVEN = a_request()


def _prepare(certificates: Certificates) -> Kept:
    return certificates.prepare(CHILD, 2, SUBJECT, APPROVER)


def _give(certificates: Certificates) -> Kept:
    return certificates.give(CHILD, 2, GIVEN, APPROVER)


def _keep(certificates: Certificates) -> Kept:
    found = certificates.find(CHILD, 2)
    return certificates.keep(CHILD, 2, [ISSUER.issue(found.csr if found and found.csr else GIVEN)])


@pytest.mark.parametrize("step", [_prepare, _give, _keep])
@pytest.mark.parametrize("call", ["replace", "fsync"])
def test_a_process_that_is_killed_leaves_nothing_or_all_that_was_promised(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch, step: Step, call: str
) -> None:
    issued = certificates.keep(
        CHILD, 1, [ISSUER.issue(request_of(certificates.prepare(CHILD, 1, SUBJECT, APPROVER)))]
    )
    if step is not _prepare:
        certificates.prepare(CHILD, 2, SUBJECT, APPROVER)
    for survived in range(30):
        with monkeypatch.context() as patch:
            _kill_at(patch, call, survived)
            try:
                step(certificates)
            except Killed:
                _check_promises(certificates, issued)
            else:
                break
    else:
        pytest.fail("it never came to an end")
    assert survived > 1
    _check_promises(certificates, issued)


def _kill_at(patch: pytest.MonkeyPatch, call: str, survived: int) -> None:
    real, calls = getattr(os, call), iter(range(100))

    def killing(*arguments: object) -> None:
        if next(calls) == survived:
            raise Killed
        real(*arguments)

    patch.setattr(os, call, killing)


def _check_promises(certificates: Certificates, issued: Kept) -> None:
    kept = certificates.find(CHILD, 2)
    if kept is not None:
        assert kept.approver == APPROVER
        if kept.has_key:
            key = load_pem_private_key((kept.folder / "key.pem").read_bytes(), None)
            assert key.public_key() == read_request(request_of(kept)).public_key()
    assert certificates.newest(CHILD) == (2 if kept is not None and kept.certificate else 1)


@given(st.text(), st.text(), st.integers(1, 99))
def test_no_service_and_no_add_on_leads_out_of_the_folder(service: str, addon: str, generation: int) -> None:
    top = Path("/srv/certificates")
    folder = Certificates(top).folder((service, addon), generation)
    assert folder.parts[: len(top.parts)] == top.parts
    inside = folder.parts[len(top.parts) :]
    assert len(inside) == 3
    assert not {"", ".", "..", "current"} & {inside[0], inside[2]}
    assert all(len(part.encode()) <= 200 for part in inside)


def test_each_has_a_folder_of_its_own_however_odd_its_name(certificates: Certificates, folder: Path) -> None:
    names = ["", ".", "..", "../x", "a/b", "a%2Fb", "%", "A b", "~", "é", "\x00", "-", "\udcff"]
    names += ["x" * 300, "x" * 301, "é" * 300, f"{'x' * 130}%-"]
    folders = {certificates.folder((one, other), 1) for one in names for other in names}
    assert len(folders) == len(names) ** 2
    for long in ("x" * length for length in range(201, 231)):
        name = certificates.folder((long, "ssl"), 1).relative_to(folder).parts[0]
        assert certificates.folder((unquote(name), "ssl"), 1).relative_to(folder).parts[0] != name
    kept = certificates.give(("../x", "x" * 300), 1, a_request(), APPROVER)
    assert kept.folder.resolve().is_relative_to(folder.resolve())
