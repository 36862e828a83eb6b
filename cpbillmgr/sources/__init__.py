"""Reads our own services from where the operator keeps them."""
