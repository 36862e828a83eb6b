"""Decides: values and today in, a plan out. No clock, file, socket or random number in this room."""
