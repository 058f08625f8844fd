"""What can be wrong with the bus. No message repeats the address, which holds a password."""

from __future__ import annotations


class BusError(Exception):
    """Base of all that the bus complains of."""


class BadBusAddress(BusError):
    """The address of Redis can't be used; the message says which form is wanted."""


class BusUnavailable(BusError):
    """Nothing was published: Redis does not answer. What is in the store is not lost, a click is."""


class BusClosed(BusError):
    """The bus was closed by its own process."""
