"""Keys, requests and certificates on disk, a folder for each need: the private keys never leave it.

``<folder>/<service>/<addon>/<generation>/`` is named as the mark of a license is. Beside the generations
stands ``current``, a link to the newest one that was issued; one whose request is lost does not take the
place of another there. What is promised by a file is on disk before it: the key before its request, the
request before its certificate, the certificate before ``current``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

from cpbillmgr.errors import AnswerNotUnderstood, Held, StateUnusable, UsageWrong
from cpbillmgr.model.certificates import Subject, ascii_domain
from cpbillmgr.store.certificates.issued import in_order
from cpbillmgr.store.certificates.requests import new_request, request_alone, subject_of
from cpbillmgr.store.sqlite.private import make_folder, point_to, sync_folder, write_whole

REQUEST = "request.pem"
_KEY, _APPROVER, _CURRENT = "key.pem", "approver.txt", "current"
_CERTIFICATE, _CHAIN, _FULLCHAIN = "certificate.pem", "chain.pem", "fullchain.pem"
_LONGEST = 200  # characters of a folder's name, all ASCII; file systems allow 255 bytes
_READABLE = 130  # how many of them stay of a longer one


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one certificate.

    ``csr`` is its request (PEM), ``None`` where only its certificate is here; ``approver`` is a mail address.
    ``has_key`` says whether the key was made here. ``certificate`` is the file of the certificate and its
    chain, ``None`` until it is issued.
    """

    folder: Path
    csr: str | None
    approver: str
    has_key: bool
    certificate: Path | None = None


class Certificates:
    """The folder of all certificates; a certificate is of a child (service and add-on) and a generation.

    What the disk refuses is ``StateUnusable``, a request that somebody has damaged ``Held``.
    """

    def __init__(self, folder: Path) -> None:
        self._top = folder

    def folder(self, key: tuple[str, str], generation: int) -> Path:
        """Return where the files of a certificate are, whether there are any or not."""
        return self._child(key) / str(generation)

    def find(self, key: tuple[str, str], generation: int) -> Kept | None:
        """Return what is kept of a certificate, ``None`` where there is neither it nor a request."""
        kept = self._kept(key, generation)
        return kept if kept.csr is not None or kept.certificate is not None else None

    def newest(self, key: tuple[str, str]) -> int:
        """Return the newest generation of a child that was issued, 0 where there is none."""
        with _disk(self._child(key)):
            return self._current(key) or 0

    def before(self, key: tuple[str, str], generation: int, domain: str) -> Kept | None:
        """Return what a child's newest earlier request for a domain has become, issued or not."""
        return next(
            (kept for number, asked, kept in self._requests(key) if number < generation and asked == domain),
            None,
        )

    def approved(self, key: tuple[str, str]) -> frozenset[str]:
        """Return the domains for which a child's newest request names who approves it."""
        newest: dict[str, Kept] = {}
        for _, domain, kept in self._requests(key):
            newest.setdefault(domain, kept)
        return frozenset(domain for domain, kept in newest.items() if kept.approver)

    def has_request(self, key: tuple[str, str], generation: int) -> bool:
        """Return whether there is a request of a certificate, damaged or not."""
        folder = self.folder(key, generation)
        with _disk(folder):
            return (folder / REQUEST).exists()

    def is_issued(self, key: tuple[str, str], generation: int) -> bool:
        """Return whether everything that was issued of a certificate is here."""
        folder = self.folder(key, generation)
        with _disk(folder):
            current = self._current(key)
            if current is None or not (folder / _FULLCHAIN).exists():
                return False
            # ``current`` is written last: where it has not come so far, what was issued is not all here.
            return generation <= current or not (folder / REQUEST).exists()

    def prepare(self, key: tuple[str, str], generation: int, subject: Subject, approver: str) -> Kept:
        """Return the request of a certificate, made with its key unless it is there: always the same.

        The subject and the approver are those of the first time. Raises ``Held`` where what is there is for
        another domain, or the request is gone, and ``UsageWrong`` for a subject that cannot be asked for.
        """
        kept = self.find(key, generation)
        if kept is not None:
            _require_domain(kept, subject.domain)
            return kept
        secret, csr = new_request(subject)
        return self._write(key, generation, {_KEY: secret, _APPROVER: f"{approver}\n", REQUEST: csr})

    def give(self, key: tuple[str, str], generation: int, csr: str, approver: str) -> Kept:
        """Keep a request that was made elsewhere, or give the one that is there another approver.

        Another request that is there, and its key, are put aside: they stay in a folder beside this one.
        Raises ``UsageWrong`` for what is no request, and where the other one was issued already.
        """
        subject_of(csr)
        given = request_alone(csr)
        if self._kept(key, generation).csr != given:
            self._put_aside(self.folder(key, generation))
        return self._write(key, generation, {_APPROVER: f"{approver}\n", REQUEST: given})

    def keep(self, key: tuple[str, str], generation: int, pems: Iterable[str]) -> Kept:
        """Keep what was issued: the certificate, the chain above it, both in one file; then ``current``.

        An older certificate than the current one leaves that as it is, and so does one whose request is lost:
        its key may be, too. Raises ``AnswerNotUnderstood`` where nothing is for the request.
        """
        kept = self._kept(key, generation)
        try:
            leaf, *above = in_order(pems, kept.csr)
        except AnswerNotUnderstood as error:
            raise AnswerNotUnderstood(error.message, where=str(kept.folder), hint=error.hint) from error
        chain = "".join(above)
        self._write(key, generation, {_CERTIFICATE: leaf, _CHAIN: chain, _FULLCHAIN: leaf + chain})
        with _disk(kept.folder):
            current = self._current(key)
            if current is None or (generation >= current and kept.csr is not None):
                point_to(self._child(key) / _CURRENT, str(generation))
        return self._kept(key, generation)

    def _child(self, key: tuple[str, str]) -> Path:
        return self._top.joinpath(*map(_folder_name, key))

    def _requests(self, key: tuple[str, str]) -> Iterator[tuple[int, str, Kept]]:
        """Yield a child's generations that have a request, the newest first, each with its domain."""
        child = self._child(key)
        with _disk(child):
            names = [each.name for each in child.iterdir()] if child.exists() else []
        for generation in sorted((int(name) for name in names if name.isdecimal()), reverse=True):
            kept = self._kept(key, generation)
            if kept.csr is not None:
                yield generation, subject_of(kept.csr).domain, kept

    def _current(self, key: tuple[str, str]) -> int | None:
        """Return the generation that ``current`` points to, ``None`` where there is none."""
        try:
            target = (self._child(key) / _CURRENT).readlink().name
        except FileNotFoundError:
            return None
        return int(target) if target.isdecimal() else None

    def _kept(self, key: tuple[str, str], generation: int) -> Kept:
        """Return what is kept of a certificate, though it be nothing."""
        folder = self.folder(key, generation)
        with _disk(folder):
            csr, approver = _request(folder / REQUEST), _read(folder / _APPROVER) or ""
            has_key = (folder / _KEY).exists()
        certificate = folder / _FULLCHAIN if self.is_issued(key, generation) else None
        return Kept(folder, csr, approver.strip(), has_key, certificate)

    def _write(self, key: tuple[str, str], generation: int, files: Mapping[str, str]) -> Kept:
        """Write files into a certificate's folder, in this order, and return what is there then."""
        folder = self.folder(key, generation)
        with _disk(folder):
            make_folder(folder, self._top)
            for name, text in files.items():
                write_whole(folder / name, text)
        return self._kept(key, generation)

    def _put_aside(self, folder: Path) -> None:
        """Rename a folder that has a key or a request of which nothing was issued."""
        with _disk(folder):
            if (folder / _CERTIFICATE).exists():
                raise UsageWrong("a certificate was issued for another request", where=str(folder))
            if not any((folder / name).exists() for name in (_KEY, REQUEST)):
                return
            names = (folder.with_name(f"{folder.name}.replaced-{number}") for number in count(1))
            folder.rename(next(name for name in names if not name.exists()))
            sync_folder(folder.parent)


def _folder_name(text: str) -> str:
    """Return the name of a folder for a text: of each text another one, and none that leads elsewhere.

    ================================  ==========================================================
    text                              name
    ================================  ==========================================================
    any                               its bytes, those that are no letter, digit, ``_`` or ``-``
                                      as ``%`` and two capital digits of base 16
    empty                             ``%``
    whose name would be too long      the beginning of that, ``%-`` and a checksum of the text
    ================================  ==========================================================
    """
    name = quote(text, safe="", errors="surrogatepass").replace(".", "%2E").replace("~", "%7E") or "%"
    if len(name) <= _LONGEST:
        return name
    from hashlib import sha256

    return f"{name[:_READABLE]}%-{sha256(name.encode()).hexdigest()}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _request(file: Path) -> str | None:
    """Return the request of a file, and nothing that somebody has put beside it."""
    text = _read(file)
    if text is None:
        return None
    try:
        subject_of(text)
        return request_alone(text)
    except UsageWrong as error:
        hint = "Restore it from a backup, or move its folder away if nothing was ordered with it"
        raise Held(f"a request is damaged: {error.message}", where=str(file), hint=hint) from error


def _require_domain(kept: Kept, domain: str) -> None:
    """Raise ``Held`` where what is kept does not ask for a certificate of this domain."""
    if kept.csr is None:
        raise Held("there is a certificate, and no request of it", where=str(kept.folder))
    asked = subject_of(kept.csr).domain
    if asked != ascii_domain(domain):
        hint = "Move that folder away, if nothing was ordered with it"
        raise Held(f"the request is for {asked}, not for {domain}", where=str(kept.folder), hint=hint)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Raise every ``OSError`` of the block as ``StateUnusable``."""
    try:
        yield
    except OSError as error:
        raise StateUnusable(
            f"the files of certificates cannot be used: {error.strerror}",
            where=str(error.filename or path),
            hint="Check the disk, and 'folder' of [certificates] in the settings",
        ) from error
