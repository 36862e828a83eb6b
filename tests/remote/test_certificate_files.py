"""Where a remote keeps a certificate's files is not documented: every likely place is looked into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cpbillmgr.errors import AnswerNotUnderstood, LoginRefused, NotFound
from cpbillmgr.model.products import ProductType
from cpbillmgr.remote.billing import RemoteBilling
from tests.remote.conftest import endpoint_at
from tests.remote.loopback import Loopback, Request, whole
from tests.remote.reading import pem

LEAF, CHAIN = pem(1), pem(2)
REQUEST, KEY = pem(3, "CERTIFICATE REQUEST"), pem(4, "PRIVATE KEY")
UNKNOWN = '<error type="missed" object="func"><msg>No such function</msg></error>'
DENIED = '<error type="access"><msg>Access denied</msg></error>'
OTHER = '<error type="whatever"><msg>Something else</msg></error>'
FORM = "<elid>7</elid><status>2</status><CN>example.com</CN>"
LISTED = "<elem><id>csr</id></elem><elem><id>31</id></elem><elem/><elem><id>32</id></elem>"

Said = str | Callable[[dict[str, str]], str]
Say = Callable[..., None]


@pytest.fixture
def billing(loopback: Loopback) -> Iterator[RemoteBilling]:
    with RemoteBilling(replace(endpoint_at(loopback.url), product_type=ProductType.CERTIFICATE)) as billing:
        yield billing


@pytest.fixture
def say(loopback: Loopback) -> Say:
    """Script the remote: what it says of the list of files, of one file, and of the certificate."""

    def script(files: Said = "", file: Said = UNKNOWN, form: Said = FORM) -> None:
        said = {"certificate.file": files, "certificate.file.edit": file, "certificate.edit": form}

        def document(request: Request) -> str:
            answer = said[request.form["func"]]
            return f"<doc>{answer if isinstance(answer, str) else answer(request.form)}</doc>"

        loopback.script = lambda request: whole(document(request))

    return script


def asked(loopback: Loopback) -> list[tuple[str, ...]]:
    forms = [request.form for request in loopback.requests]
    return [tuple(form[name] for name in ("func", "elid", "plid") if name in form) for form in forms]


def test_they_are_in_any_field_of_the_list(billing: RemoteBilling, say: Say, loopback: Loopback) -> None:
    say(
        f"<elem><id>1</id><content>{REQUEST}</content></elem>"
        f"<elem><id>2</id><name>crt</name><content>{LEAF}</content></elem><elem><id>3</id><ca>{CHAIN}</ca></elem>"
    )
    assert billing.certificate_files("7") == (LEAF, CHAIN)
    assert asked(loopback) == [("certificate.file", "7")]


def test_they_are_in_the_form_of_each_file(billing: RemoteBilling, say: Say, loopback: Loopback) -> None:
    texts = {"csr": REQUEST, "31": CHAIN, "32": LEAF + CHAIN}
    say(LISTED, lambda form: f"<content>{texts[form['elid']]}</content>")
    assert billing.certificate_files("7") == (CHAIN, LEAF)
    assert asked(loopback) == [
        ("certificate.file", "7"),
        *(("certificate.file.edit", file, "7") for file in ("csr", "31", "32")),
    ]


def test_a_file_that_is_not_shown_leaves_the_others(billing: RemoteBilling, say: Say) -> None:
    say(LISTED, lambda form: LEAF if form["elid"] == "32" else DENIED)
    assert billing.certificate_files("7") == (LEAF,)


@pytest.mark.parametrize("files", [UNKNOWN, DENIED, OTHER, "", LISTED])
@pytest.mark.parametrize("file", [UNKNOWN, DENIED, OTHER, "<name>crt</name>"])
def test_else_they_are_in_the_form_of_the_certificate(
    billing: RemoteBilling, say: Say, files: str, file: str
) -> None:
    say(files, file, f"{FORM}<crt>{LEAF}</crt><ca>{CHAIN}</ca>")
    assert billing.certificate_files("7") == (LEAF, CHAIN)


@pytest.mark.parametrize("files", [UNKNOWN, f"<elem><id>1</id><content>{REQUEST}{KEY}</content></elem>"])
def test_there_are_none_before_the_certificate_is_issued(
    billing: RemoteBilling, say: Say, files: str
) -> None:
    say(files, f"<content>{REQUEST}</content>", f"{FORM}<csr>{REQUEST}</csr>")
    assert billing.certificate_files("7") == ()


def test_a_certificate_that_is_not_there_is_not_found(billing: RemoteBilling, say: Say) -> None:
    say(UNKNOWN, UNKNOWN, '<error type="missed" object="elid"><msg>There is none</msg></error>')
    with pytest.raises(NotFound):
        billing.certificate_files("7")


def test_a_refused_login_is_no_place_without_files(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say('<error type="auth" object="badpassword"><msg>Invalid username or password</msg></error>')
    with pytest.raises(LoginRefused):
        billing.certificate_files("7")
    assert len(loopback.requests) == 1


def test_more_files_than_there_can_be_are_not_asked_for(
    billing: RemoteBilling, say: Say, loopback: Loopback
) -> None:
    say("".join(f"<elem><id>{number}</id></elem>" for number in range(21)), LEAF)
    with pytest.raises(AnswerNotUnderstood, match="certificate 7 has 21 files"):
        billing.certificate_files("7")
    assert len(loopback.requests) == 1
