"""The click on the link in the mail that a certificate's approver gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cpbillmgr.sandbox import authority
from cpbillmgr.sandbox.account import csr
from cpbillmgr.sandbox.account.history import record
from cpbillmgr.sandbox.protocol.rules import months_later
from cpbillmgr.sandbox.protocol.texts import ISSUE_STATUS
from cpbillmgr.sandbox.world.certificates import FAILED, ISSUED, WAITING, Certificate, issue_status
from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.nouns import ACTIVE, DELETED, License, Moment, World


def approve(file: WorldFile, id: int, *, refuse: bool = False) -> License:
    """Have a certificate issued, or refused for good, and return its license.

    Raises ValueError in one clear line for an unknown id, what is no certificate, or one that does not wait.
    """

    def settle(world: World) -> License:
        moment = world.moment(datetime.now(UTC))
        license, certificate = _waiting(world, id, moment)
        if refuse:
            settled = replace(license, certificate=replace(certificate, service_status=FAILED))
        else:
            settled = _issued(world, license, certificate, moment)
        record(world, settled, moment.now, "approve", "")
        return settled

    return file.change(settle)


def _waiting(world: World, id: int, moment: Moment) -> tuple[License, Certificate]:
    license = world.licenses.get(id)
    if license is None:
        raise ValueError(f"there is no license {id}")
    if license.certificate is None:
        raise ValueError(f"license {id} is no certificate")
    if license.status == DELETED:
        raise ValueError(f"certificate {id} is deleted")
    now = issue_status(license.certificate, moment.real)
    if now != WAITING:
        raise ValueError(f"certificate {id} does not wait for approval: {ISSUE_STATUS['en'][now].lower()}")
    return license, license.certificate


def _issued(world: World, license: License, certificate: Certificate, moment: Moment) -> License:
    """Return a certificate with what is issued: good from today, for the period that was ordered."""
    until = months_later(moment.today, world.length(license))
    leaf, chain = authority.issue(csr.read(certificate.csr), moment.today, until)
    issued = replace(certificate, service_status=ISSUED, leaf=leaf, chain=chain)
    return replace(license, status=ACTIVE, expiredate=until, certificate=issued)
