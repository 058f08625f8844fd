"""Gateways that send nothing on: the one of tests and the demonstration, and none at all."""

from __future__ import annotations

from kernel.sms import Refused, Sms, SmsAnswer, Taken


class LocalGateway:
    """The message stays in the store, sealed, and counts as sent; nobody gets it."""

    async def send(self, sms: Sms) -> SmsAnswer:  # noqa: ARG002
        """Take it."""
        return Taken()


class NoGateway:
    """None is set up any more: what was asked for before is refused."""

    async def send(self, sms: Sms) -> SmsAnswer:  # noqa: ARG002
        """Refuse it."""
        return Refused("no_gateway")
