"""A remote billing account, as the client needs it to speak (the seeds' processing module)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cpbillmgr.model.generations import Generation
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and as whom to speak.

    Times are in seconds: ``connect_seconds`` until a connection stands, ``call_seconds`` for a whole call.
    ``product_type`` is what the remote sells to us. ``page_size`` is how many rows of a list to ask for at
    once, ``parallel`` how many calls may run at once. ``datacenter`` is the remote's id of the one that
    orders name where they have to.
    """

    name: str
    url: str
    user: str
    password: Secret
    generation: Generation = Generation.SIX
    product_type: ProductType = ProductType.SOFT
    ca_file: Path | None = None
    proxy: str | None = None
    connect_seconds: float = 10.0
    call_seconds: float = 60.0
    page_size: int = 1000
    parallel: int = 4
    datacenter: int | None = None
