"""What all tests share."""

import asyncio

from hypothesis import HealthCheck, settings

# Both are wall-clock times: a machine that is busy elsewhere would break them, and nothing would be learnt.
settings.register_profile("loaded machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("loaded machine")


def pytest_sessionstart() -> None:
    """Leave no event loop: asked for one where none was ever set, Python 3.11 makes one that nobody closes."""
    asyncio.set_event_loop(None)
