"""Publicly known tariffs, and the family that a tariff's name tells."""

from __future__ import annotations

import pytest

from cpbillmgr.model.known import KNOWN_NODE_ADDONS, KNOWN_TARIFFS, family, same_named


@pytest.mark.parametrize(
    ("tariff_name", "expected"),
    [
        ("ispmanager 6 lite", "ispmanager"),
        ("ISPmanager 5 Business", "ispmanager"),
        ("ISPmanager 4 Pro without support", "ispmanager"),
        ("Лицензия ISPmanager 6 Lite", "ispmanager"),
        ("BILLmanager 6 Hosting&Cloud month", "billmanager"),
        ("VMmanager 5 KVM", "vmmanager"),
        ("VDSmanager-Linux", "vdsmanager"),
        ("CloudLinux OS", "cloudlinux"),
        ("  KernelCare\t1 month ", "kernelcare"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_the_family_is_the_product_whatever_its_size_or_version(tariff_name: str, expected: str) -> None:
    assert family(tariff_name) == expected


def test_products_that_one_address_may_have_together_are_of_different_families() -> None:
    families = {family(KNOWN_TARIFFS[id]) for id in (3541, 5577, 2891, 3045, 3932, 3136)}
    assert len(families) == 6


def test_every_tariff_that_is_known_to_be_sold_by_nodes_has_a_name_and_a_minimum() -> None:
    for tariff, addon in KNOWN_NODE_ADDONS.items():
        assert tariff in KNOWN_TARIFFS
        assert addon.id not in KNOWN_TARIFFS
        assert addon.minimum >= 1


@pytest.mark.parametrize(
    ("abroad", "in_russia"), [(55227, 55231), (55348, 55326), (55352, 55330), (55371, 55390), (55369, 55391)]
)
def test_a_tariff_has_another_id_for_accounts_in_russia(abroad: int, in_russia: int) -> None:
    assert (same_named(abroad), same_named(in_russia)) == ([in_russia], [abroad])
