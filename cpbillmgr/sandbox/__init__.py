"""A pretend remote with licenses, money and a clock. It shares no code with the client."""

from cpbillmgr.sandbox.approval import approve
from cpbillmgr.sandbox.sample import new_world
from cpbillmgr.sandbox.server import Sandbox
from cpbillmgr.sandbox.world.clock import set_clock
from cpbillmgr.sandbox.world.file import WorldFile
from cpbillmgr.sandbox.world.parsing import WorldInvalid

__all__ = ["Sandbox", "WorldFile", "WorldInvalid", "approve", "new_world", "set_clock"]
