"""What a remote sells, beside licenses of panels: the types of products, and how they differ."""

from __future__ import annotations

from enum import StrEnum


class ProductType(StrEnum):
    """A type of products, by the remote's own name for it (semantics.md 11; wire-api.md 4.5 and 9.7).

    ============  ===================================  =======  ===  =======  ==========  ==================
    type          for instance                         address  key  changes  renewed by  stands on
    ============  ===================================  =======  ===  =======  ==========  ==================
    soft          ispmanager, VMmanager 5              yes      yes  yes      renewal     its address
    softexternal  CloudLinux, Softaculous, KernelCare  yes      no   yes      renewal     its address
    platform      VMmanager 6, DCImanager 6            no       no   yes      renewal     nothing
    addition      BitNinja, Dr.Web: modules            no       no   yes      renewal     a panel's license
    certificate   DomainSSL, AlphaSSL                  no       no   no       new order   a domain's request
    ============  ===================================  =======  ===  =======  ==========  ==================
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
    def can_change(self) -> bool:
        """Whether one is stopped, changed and given up with its service; else it ends by itself, as it is."""
        return self is not ProductType.CERTIFICATE

    @property
    def is_module(self) -> bool:
        """Whether one goes onto the license of a panel, and cannot be without it."""
        return self is ProductType.ADDITION

    @property
    def is_certificate(self) -> bool:
        """Whether one is a certificate: asked for with a request, issued as files, renewed by a new order."""
        return self is ProductType.CERTIFICATE


# Types of services that are themselves bought from a remote; every other license comes with a service.
SEPARATE_TYPES = frozenset(ProductType)
