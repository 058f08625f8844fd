"""What all tests share."""

import asyncio

from hypothesis import settings

settings.register_profile("loaded machine", deadline=None)
settings.load_profile("loaded machine")


def pytest_sessionstart() -> None:
    """Leave no event loop: asked for one where none was ever set, Python 3.11 makes one that nobody closes."""
    asyncio.set_event_loop(None)
