"""Talks of three with an interpreter, many at once."""
