"""Transfers to the city's extensions, timed against Asterisk's own."""
