"""Which addresses may be spoken to. No message repeats an address, for it may hold a password."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def checked_remote(url: str) -> str:
    """Return a remote's URL as it is used; raises ``ValueError``.

    =================================  =========================================
    url                                is
    =================================  =========================================
    ``https://HOST...``                accepted
    ``http://`` to a loopback host     accepted
    ``http://`` to another host        refused: the password would go in clear
    with ``user:password@``            refused: URLs end up in logs
    with a query or a fragment         refused; a ``?`` at the end is dropped
    another                            refused
    =================================  =========================================
    """
    parts = _web_address(url)
    if parts.query or parts.fragment:
        raise ValueError("must have no query and no fragment; end it with the path, for instance '/billmgr'")
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError(
            "must be https, for the password goes over it; plain http is for loopback hosts only"
        )
    return url.rstrip("?#")


def checked_proxy(url: str) -> str:
    """Return a proxy's URL, http or https and without a password; raises ``ValueError``."""
    _web_address(url)
    return url


def _web_address(url: str) -> SplitResult:
    if not url.isprintable() or " " in url:
        raise ValueError("must not contain white space or characters that cannot be seen")
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is not an address; check its host and port") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not an address like 'https://HOST/billmgr'")
    if "@" in parts.netloc:
        raise ValueError(
            "must not contain a user or password; user and password file are settings of their own"
        )
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def account_at(url: str, user: str) -> tuple[str, str]:
    """Return what tells one account from another, however its address is spelled."""
    return url.rstrip("/?#").casefold(), user
