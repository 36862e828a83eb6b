"""What a remote sells, beside licenses of panels: the types of products, and how they differ."""

from __future__ import annotations

from enum import StrEnum


class ProductType(StrEnum):
    """A type of products, by the remote's own name for it (semantics.md 11; wire-api.md 4.5 and 9.7).

    ============  =====================================  =======  ===  ======================
    type          for instance                           address  key  stands on
    ============  =====================================  =======  ===  ======================
    soft          ispmanager, VMmanager 5                yes      yes  its address
    softexternal  CloudLinux, Softaculous, KernelCare    yes      no   its address
    platform      VMmanager 6, DCImanager 6              no       no   nothing
    addition      BitNinja, Dr.Web: modules of a panel   no       no   a license of a panel
    certificate   DomainSSL, AlphaSSL                    no       no   a request for a domain
    ============  =====================================  =======  ===  ======================
    """

    SOFT = "soft"
    SOFTEXTERNAL = "softexternal"
    PLATFORM = "platform"
    ADDITION = "addition"
    CERTIFICATE = "certificate"

    @property
    def has_address(self) -> bool:
        """Whether one is for an address: only then it can move, or wait in the pool for another service."""
        return self in (ProductType.SOFT, ProductType.SOFTEXTERNAL)

    @property
    def has_keys(self) -> bool:
        """Whether one has a key that can be made anew."""
        return self is ProductType.SOFT

    @property
    def is_module(self) -> bool:
        """Whether one goes onto the license of a panel, and cannot be without it."""
        return self is ProductType.ADDITION

    @property
    def is_certificate(self) -> bool:
        """Whether one is a certificate: issued as files, renewed by a new order, and never stopped."""
        return self is ProductType.CERTIFICATE
