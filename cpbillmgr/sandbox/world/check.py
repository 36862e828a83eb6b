"""What has to fit together in a world, when each part of it has been read."""

from __future__ import annotations

from collections.abc import Iterator

from cpbillmgr.sandbox.world.nouns import World
from cpbillmgr.sandbox.world.parsing import WorldInvalid


def check(world: World) -> None:
    """Raise WorldInvalid with everything that does not fit."""
    problems = [*_without_tariff(world), *_certificates(world), *_without_length(world)]
    if problems:
        raise WorldInvalid(problems)


def _without_tariff(world: World) -> Iterator[str]:
    local = {tariff.id for tariff in world.local_tariffs}
    licenses = [each for each in world.licenses.values() if each.pricelist not in world.tariffs]
    services = [each for each in world.local_services if each.pricelist not in local]
    for noun, kind, wrong in (("license", "tariff", licenses), ("service", "local tariff", services)):
        for each in wrong:
            yield f"the {noun} with id {each.id}: has the pricelist {each.pricelist}, which is no {kind}'s id"


def _certificates(world: World) -> Iterator[str]:
    sold = {tariff.id for tariff in world.tariffs.values() if tariff.itemtype == "certificate"}
    for each in world.licenses.values():
        if each.certificate is None and each.pricelist in sold:
            yield f"the license with id {each.id}: has the pricelist of a certificate, but no certificate"
        elif each.certificate is not None and each.pricelist not in sold:
            yield f"the license with id {each.id}: has a certificate, but not the pricelist of one"


def _without_length(world: World) -> Iterator[str]:
    for tariff in world.tariffs.values() if world.generation == 4 else ():
        for period in tariff.prices:
            if period not in tariff.lengths:
                who = f"the tariff with id {tariff.id}"
                yield f"{who}: has the period {period}, whose length is missing in lengths"
