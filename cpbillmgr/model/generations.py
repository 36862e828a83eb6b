"""The generations of BILLmanager that a remote may be of, and how they differ."""

from __future__ import annotations

from enum import IntEnum

from cpbillmgr.model.products import ProductType


class Generation(IntEnum):
    """A generation of BILLmanager, by its number (wire-api.md 9; semantics.md 1.4, 3.1 and 11).

    ==================================================  ====================  ==========
    what                                                4                     5 and 6
    ==================================================  ====================  ==========
    a period is                                         an id of its tariff   its length
    a license is for another length than its service    no                    yes
    the tariff of a license changes                     no                    yes
    a key can be made anew                              no                    yes
    a license carries our mark beside its name          no                    yes
    dates of changes are told                           no                    yes
    the pool is used                                    with an option        always
    product types                                       ``soft``              all
    ==================================================  ====================  ==========
    """

    FOUR = 4
    FIVE = 5
    SIX = 6

    @property
    def periods_are_ids(self) -> bool:
        """Whether a period is an id, of which only the price list tells how long it is."""
        return self is Generation.FOUR

    @property
    def has_other_lengths(self) -> bool:
        """Whether a license may be for another length than its service is sold for."""
        return self is not Generation.FOUR

    @property
    def changes_tariffs(self) -> bool:
        """Whether a license can come to another tariff."""
        return self is not Generation.FOUR

    @property
    def has_keys(self) -> bool:
        """Whether a license has a key that can be made anew."""
        return self is not Generation.FOUR

    @property
    def has_marks(self) -> bool:
        """Whether a license carries our mark; else its name is all that tells for whom it is."""
        return self is not Generation.FOUR

    @property
    def tells_dates(self) -> bool:
        """Whether a license tells when its address and its key have changed."""
        return self is not Generation.FOUR

    @property
    def reuses_unasked(self) -> bool:
        """Whether the pool is used without ``Option ReUseLicense``."""
        return self is not Generation.FOUR

    def sells(self, product: ProductType) -> bool:
        """Return whether there are products of a type."""
        return self is not Generation.FOUR or product is ProductType.SOFT
