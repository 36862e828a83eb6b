"""Whom to believe: the TLS context, which always verifies the certificate and the host's name."""

from __future__ import annotations

import ssl
from pathlib import Path

from cpbillmgr.errors import ConfigInvalid, Problem


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that trusts the authorities of this file, or else those of the system.

    A directory is read as far as it is needed; parsing the system's whole bundle takes 25 ms at every start.
    Raises :class:`ConfigInvalid` when the file cannot be used.
    """
    if ca_file is not None:
        return _own_authorities(ca_file)
    directory = ssl.get_default_verify_paths().capath
    if directory and any(Path(directory).glob("*.0")):  # the hashed names by which OpenSSL finds them
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(capath=directory)
        return context
    return ssl.create_default_context()


def _own_authorities(ca_file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        hint = "ca_file must be a readable file with certificates in PEM format"
        raise ConfigInvalid([Problem(str(ca_file), None, f"no authorities: {error}", hint)]) from error
