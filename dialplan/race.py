"""Waiting for the first of several things, without leaving tasks behind."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def first(*coroutines: Coroutine[Any, Any, T]) -> T:
    """The result, or the exception, of the one that ends first; in the order given where several have ended."""
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(task for task in tasks if task.done()).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def both(one: Coroutine[Any, Any, Any], other: Coroutine[Any, Any, T]) -> T:
    """Begin ``one``, then ``other`` while it waits; ``other``'s result when both are over.

    Raises what they raise, ``one`` first.

    ``one`` begins before anything else in the loop gets its turn.
    """
    beside = asyncio.ensure_future(other)
    try:
        await one
    finally:
        await asyncio.gather(beside, return_exceptions=True)
    return beside.result()
