"""A pretend remote with licenses, money and a clock. It shares no code with the client."""

from cpbillmgr.sandbox.parsing import WorldInvalid
from cpbillmgr.sandbox.sample import new_world
from cpbillmgr.sandbox.server import Sandbox

__all__ = ["Sandbox", "WorldInvalid", "new_world"]
