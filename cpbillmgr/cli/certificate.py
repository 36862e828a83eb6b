"""``certificate``: what certificates are asked for with."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.options.working import working_everywhere
from cpbillmgr.cli.terminal.json import print_json

if TYPE_CHECKING:
    from cpbillmgr.runs.certificates.requests import Prepared

_MOST_BYTES = 1_000_000  # of a request's file


@click.group()
def certificate() -> None:
    """Certificates: their requests, keys and files."""


@certificate.command()
@click.argument("service")
@click.option("--addon", metavar="NAME", help="Which of its add-ons, where it has several.")
@click.option("--csr", type=click.File("rb"), help="A request made elsewhere (PEM); - reads it from stdin.")
@click.option("--approver", metavar="MAIL", help="Who approves: a mailbox at the domain, or a whole address.")
@click.option(
    "--other", "others", metavar="DOMAIN", multiple=True, help="Another domain that it is for, too."
)
@click.option("--remote", metavar="NAME", help="Which remote, where several sell certificates.")
@click.option("--dry-run", is_flag=True, help="Check and tell; write nothing.")
@lock_option
@common_options
def request(
    *,
    common: Common,
    service: str,
    addon: str | None,
    csr: BinaryIO | None,
    approver: str | None,
    others: tuple[str, ...],
    remote: str | None,
    dry_run: bool,
    lock_timeout: float,
) -> int:
    """Prepare the request of SERVICE's next certificate, before it is ordered. Nothing is sent.

    Its name is the domain. The key is made here, and stays here; with --csr it is wherever the request was
    made. Without this command an order makes both by itself. With -q it prints the request's file alone.
    """
    from cpbillmgr.runs.certificates.requests import Asked
    from cpbillmgr.runs.certificates.requests import request as run

    text = None if csr is None else csr.read(_MOST_BYTES).decode(errors="replace")
    command = "certificate request"
    with working_everywhere(
        common, command, dry_run=dry_run, lock_timeout=lock_timeout, remote=remote
    ) as sites:
        prepared = run(sites, Asked(service, addon, text, approver, others), dry_run=dry_run)
    _show(prepared, common, dry_run=dry_run)
    return 0


def _show(prepared: Prepared, common: Common, *, dry_run: bool) -> None:
    from cpbillmgr.cli.terminal.screen import show_facts
    from cpbillmgr.store.certificates.folders import REQUEST

    kept, subject = prepared.kept, prepared.subject
    file = kept.folder / REQUEST
    if common.as_json:
        print_json(
            {
                "schema": "cpbillmgr/certificate-request/1",
                "dry_run": dry_run,
                "remote": prepared.remote,
                "service": prepared.service,
                "addon": prepared.addon,
                "domain": subject.domain,
                "others": list(subject.others),
                "approver": kept.approver,
                "folder": str(kept.folder),
                "request": str(file),
                "has_key": kept.has_key,
            }
        )
    elif common.quiet:
        click.echo(file)
    else:
        show_facts(
            {
                "domain": subject.domain,
                "other domains": ", ".join(subject.others),
                "approver": kept.approver,
                "folder": str(kept.folder),
                "key": "made here" if kept.has_key else "where the request was made",
            }
        )
