"""What a person says of licenses that are there: unlinked, protected, given back. The state alone changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cpbillmgr.errors import UsageWrong
from cpbillmgr.model.licenses import Link
from cpbillmgr.runs.site import Site, open_remote
from cpbillmgr.store.state import State


def unlink(site: Site, id: str, *, dry_run: bool) -> Link:
    """Forget whose a license is, and return the link that it had: no rule links it again.

    Raises ``UsageWrong`` when it has none, or an operation on it is open.
    """
    remote = site.wishes.remote.name
    link = site.state.links.link_of(remote, id)
    if not dry_run:
        site.state.links.unlink_by_hand(remote, id, site.now())
    return link


def protect(site: Site, ids: Sequence[str], *, dry_run: bool) -> None:
    """Have no run touch these licenses, all or none.

    Raises ``UsageWrong`` for those that are not on the account, or that an operation is open on.
    """
    with open_remote(site.wishes) as remote:
        there = {row.id for row in remote.licenses(lambda done, total: site.watch("licenses", done, total))}
    if strange := [id for id in ids if id not in there]:
        raise UsageWrong(
            f"not on the account: license {', '.join(strange)}", hint="See 'cpbillmgr license list'"
        )
    site.state.protections.check(remote.name, ids)
    if not dry_run:
        site.state.protections.protect(remote.name, ids, site.now())


def unprotect(site: Site, ids: Sequence[str], *, dry_run: bool) -> None:
    """Let runs touch these licenses again, all or none; ``UsageWrong`` for those that are not protected."""
    remote = site.wishes.remote.name
    protected = site.state.protections.all(remote)
    if others := [id for id in ids if id not in protected]:
        raise UsageWrong(f"not protected: license {', '.join(others)}", where=remote)
    if not dry_run:
        site.state.protections.unprotect(remote, ids)


def undo(state: State, number: int, *, at: datetime, dry_run: bool) -> list[Link]:
    """Forget the links that an adoption has made and return them; raises what ``Adoptions.undo`` raises."""
    if dry_run:
        return state.adoptions.links_of(number)
    return state.adoptions.undo(number, at)
