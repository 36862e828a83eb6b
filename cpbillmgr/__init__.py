"""Gives every server its control-panel license from a remote BILLmanager, and pays for each once."""

__version__ = "0.1.0"
