"""Asks the remote and waits: the one place that has a socket.

The password goes into the body of a POST and nowhere else. No redirect is followed (to follow a 307 is to
hand the password to another host), no cookie kept; no proxy and no netrc comes from the environment.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from xml.etree.ElementTree import Element

import httpx

from cpbillmgr.errors import AnswerNotUnderstood, MaybeDone, RemoteError, Unreachable
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.remote.body import unpacked
from cpbillmgr.remote.deadline import Network, within
from cpbillmgr.remote.refusals import read_refusal
from cpbillmgr.remote.text import clean
from cpbillmgr.remote.tls import tls_context
from cpbillmgr.remote.xml import Reader, Unreadable

PAUSE_SECONDS = 0.25  # before a question is repeated

_BEFORE_THE_FIRST_BYTE = (
    httpx.ConnectError,  # no such name, connection refused, TLS failed
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,  # the proxy made no connection
    httpx.UnsupportedProtocol,
)
_MOVED = "The URL seems to have moved: correct this remote's url (the new place was not asked)"


class _Fault(Enum):
    """Why a call brought no document."""

    NOT_SENT = auto()
    NO_ANSWER = auto()
    NO_SENSE = auto()


class _CallFailed(Exception):
    """A call brought no document; the text says why in words."""

    def __init__(self, fault: _Fault, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.fault = fault
        self.reason = reason
        self.hint = hint


class Client:
    """Calls functions of one remote, from any number of threads; a context manager.

    =======================================================  ===========================  =================
    what came of a call                                      a question                   a change
    =======================================================  ===========================  =================
    no name, no connection, TLS failed                       once more, then Unreachable  Unreachable
    time-out or break after that, status 5xx or 429          once more, then Unreachable  MaybeDone
    redirect, other status, HTML, half or foreign document   AnswerNotUnderstood          MaybeDone
    error document: login refused                            LoginRefused                 LoginRefused
    error document of another known type                     Refused                      Refused
    error document of an unknown type                        Refused                      MaybeDone
    any other document                                       returned                     returned
    =======================================================  ===========================  =================
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._http = _http_client(endpoint)
        self.clock_offset: timedelta | None = None  # the remote's clock less ours, by its last Date header

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def ask(self, func: str, **params: str) -> Element:
        """Return the answer to a question, which may be asked twice. Errors: see the class."""
        try:
            document = self._document_of_question(func, params)
        except _CallFailed as failure:
            raise self._question_failed(func, failure) from failure
        refusal = read_refusal(document)
        if refusal is not None:
            raise refusal.as_error(func, self._endpoint.name)
        return document

    def command(self, func: str, **params: str) -> Element:
        """Return the answer to a change, which is sent at most once. Errors: see the class."""
        try:
            document = self._call(func, params)
        except _CallFailed as failure:
            raise self._change_failed(func, failure) from failure
        refusal = read_refusal(document)
        if refusal is None:
            return document
        if refusal.is_known:
            raise refusal.as_error(func, self._endpoint.name)
        message = f"{func} was sent, and the remote answered with an error that may mean anything: "
        raise MaybeDone(message + refusal.reason, where=self._endpoint.name)

    def _document_of_question(self, func: str, params: Mapping[str, str]) -> Element:
        try:
            return self._call(func, params)
        except _CallFailed as failure:
            if failure.fault is _Fault.NO_SENSE:
                raise
        time.sleep(PAUSE_SECONDS)
        return self._call(func, params)

    def _question_failed(self, func: str, failure: _CallFailed) -> RemoteError:
        where = self._endpoint.name
        if failure.fault is _Fault.NO_SENSE:
            message = f"the answer to {func} makes no sense: {failure.reason}"
            return AnswerNotUnderstood(message, where=where, hint=failure.hint)
        if failure.fault is _Fault.NOT_SENT:
            host = httpx.URL(self._endpoint.url).host
            return Unreachable(f"{host} cannot be reached: {failure.reason}", where=where)
        return Unreachable(f"the remote did not answer {func}: {failure.reason}", where=where)

    def _change_failed(self, func: str, failure: _CallFailed) -> RemoteError:
        where = self._endpoint.name
        if failure.fault is _Fault.NOT_SENT:
            hint = "Nothing was sent; try again later"
            return Unreachable(f"{func} was not sent: {failure.reason}", where=where, hint=hint)
        return MaybeDone(f"{func} was sent, and its end is unknown: {failure.reason}", where=where)

    def _call(self, func: str, params: Mapping[str, str]) -> Element:
        """Send one POST and return the document that answers it."""
        login = f"{self._endpoint.user}:{self._endpoint.password.reveal()}"
        form = {"authinfo": login, "out": "xml", "lang": "en", "func": func, **params}
        try:
            with (
                within(self._endpoint.call_seconds),
                self._http.stream("POST", self._endpoint.url, data=form) as response,
            ):
                self.clock_offset = _clock_offset(response.headers.get("date", ""))
                return _document(response)
        except _BEFORE_THE_FIRST_BYTE as error:
            raise _CallFailed(_Fault.NOT_SENT, _in_words(error)) from error
        except httpx.HTTPError as error:
            raise _CallFailed(_Fault.NO_ANSWER, _in_words(error)) from error


def _document(response: httpx.Response) -> Element:
    """Return the document of a complete answer with status 200.

    ============================================  =========
    otherwise                                     fault
    ============================================  =========
    status 429 or 5xx                             NO_ANSWER
    any other status                              NO_SENSE
    not XML, cut short, packed strangely, a bomb  NO_SENSE
    a root that is not ``<doc>``                  NO_SENSE
    ============================================  =========
    """
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
        raise _CallFailed(_Fault.NO_ANSWER, f"the remote is busy or broken, status {status}")
    if response.is_redirect:
        raise _CallFailed(_Fault.NO_SENSE, f"the remote redirects to another URL, status {status}", _MOVED)
    if status != httpx.codes.OK:
        raise _CallFailed(_Fault.NO_SENSE, f"the answer has status {status}")
    try:
        root = _root(response)
    except Unreadable as error:
        what = "a web page" if "html" in response.headers.get("content-type", "").lower() else "the answer"
        raise _CallFailed(_Fault.NO_SENSE, f"{what} cannot be read: {clean(str(error))}") from error
    if root.tag != "doc":
        raise _CallFailed(_Fault.NO_SENSE, "the answer is not a document of BILLmanager")
    return root


def _clock_offset(date: str) -> timedelta | None:
    try:
        return parsedate_to_datetime(date) - datetime.now(UTC)
    except (TypeError, ValueError):  # none, no date, or one without a time zone
        return None


def _root(response: httpx.Response) -> Element:
    reader = Reader()
    for piece in unpacked(response.iter_raw(), response.headers.get("content-encoding", "")):
        reader.feed(piece)
    return reader.close()


def _in_words(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no connection in time" if isinstance(error, httpx.ConnectTimeout) else "no answer in time"
    return re.sub(r"^\[Errno -?\d+\] ", "", clean(str(error))) or "the connection broke"


def _http_client(endpoint: Endpoint) -> httpx.Client:
    """Return a client that repeats, follows, keeps and picks up nothing by itself."""
    return httpx.Client(
        transport=_transport(endpoint),
        headers={"Accept-Encoding": "gzip", "User-Agent": "cpbillmgr"},
        timeout=httpx.Timeout(endpoint.call_seconds, connect=endpoint.connect_seconds),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )


def _transport(endpoint: Endpoint) -> httpx.HTTPTransport:
    """Return connections to be kept alive, each of which knows when its call ends.

    An idle connection is looked at before it is used again: one that the remote has closed is not.
    """
    transport = httpx.HTTPTransport(
        verify=tls_context(endpoint.ca_file),
        trust_env=False,
        proxy=endpoint.proxy,
        limits=httpx.Limits(max_connections=endpoint.parallel, max_keepalive_connections=endpoint.parallel),
    )
    pool = transport._pool  # noqa: SLF001 - httpx has no public way to set httpcore's network
    pool._network_backend = Network(pool._network_backend)  # noqa: SLF001 - the same
    return transport
