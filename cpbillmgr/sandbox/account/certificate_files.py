"""What can be fetched of a certificate: its request, and once it is issued itself and its chain.

The functions are documented (wire-api.md 10.1), their fields, names and ids are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements, form
from cpbillmgr.sandbox.protocol.listing import page
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import License, World


@dataclass(frozen=True, slots=True)
class File:
    """One file; ids differ from those of every other certificate's files."""

    id: int
    name: str
    content: str


def listed(world: World, call: Call) -> str:
    """Return the files of the certificate ``elid``, with their contents where the variant has them here."""
    has_content = world.variants.certificate_files == "rows"

    def row(file: File) -> str:
        content = {"content": file.content} if has_content else {}
        return f"<elem>{elements({'id': file.id, 'name': file.name, **content})}</elem>"

    files = _files(world, call, call.license(world))
    return page(world, call, files, row, lambda file: {"id": file.id, "name": file.name})


def one(world: World, call: Call) -> str:
    """Return the file ``elid`` of the certificate ``plid`` with its content."""
    for file in _files(world, call, call.license(world, call.needed("plid"))):
        if str(file.id) == call.needed("elid"):
            fields = {"elid": file.id, "name": file.name, "content": file.content}
            return form(world, call, elements(fields))
    raise Refused("unknown_id", value=call.text("elid"))


def _files(world: World, call: Call, license: License) -> list[File]:
    """Return a certificate's files; a remote that shows them in its form has no function for them."""
    certificate = license.certificate
    if certificate is None or world.variants.certificate_files == "form":
        raise Refused("unknown_func", value=call.func)
    contents = {"csr": certificate.csr, "crt": certificate.leaf, "ca": certificate.chain}
    return [
        File(10 * license.id + position, f"{license.licname}.{ending}", content)
        for position, (ending, content) in enumerate(contents.items())
        if content
    ]
