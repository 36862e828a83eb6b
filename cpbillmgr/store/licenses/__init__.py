"""Licenses as last seen, whose they are, and what a person has said of them."""
