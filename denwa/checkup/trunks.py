"""The lines to the world: what contradicts itself, what is missing, what nobody has said yet."""

from __future__ import annotations

from collections.abc import Iterator

from asterisk_conf.errors import ConfError, told
from asterisk_conf.lines import contradictions, line_of, setting_of, trunk_of
from denwa.checkup.finding import Finding, ill, well
from kernel.settings import Settings
from kernel.trunk import Trunk

NAMES = ("carrier", "city-pbx")
GUIDE = "docs/hikari-denwa.md says where each value comes from"


def trunks(settings: Settings) -> Iterator[Finding]:
    """Each trunk by itself; nothing is asked of the peer."""
    for name in NAMES:
        part, wrong = f"trunk {name}", list(_wrong(name, settings))
        if wrong:
            yield from (ill(part, str(one), GUIDE) for one in wrong)
        else:
            yield well(part, _described(trunk_of(name, settings.sip)))
            yield from _unsaid(name, trunk_of(name, settings.sip))


def _wrong(name: str, settings: Settings) -> Iterator[ConfError]:
    yield from contradictions(name, settings)
    try:
        line_of(name, settings)
    except ConfError as error:
        yield error


def _described(trunk: Trunk) -> str:
    """In one line, without any secret."""
    known = f"registers as {trunk.registration.user}" if trunk.registration else "known by its address"
    calls = f"{trunk.max_calls} calls at once" if trunk.max_calls else "no limit of ours"
    return f"{trunk.profile}, {trunk.host}:{trunk.port} over {trunk.transport}, {known}, {calls}"


def _unsaid(name: str, trunk: Trunk) -> Iterator[Finding]:
    if trunk.profile != "hikari_denwa":
        return
    setting = setting_of(name)
    if trunk.max_calls is None:
        remedy = f"set {told(setting + '.max_calls')} to the channels (チャネル数) of the contract"
        yield Finding(f"trunk {name}", False, "nobody says how many calls it carries", remedy, optional=True)
    if trunk.transport != "tls":
        remedy = "keep this leg inside the city's closed network; a gateway that speaks TLS takes transport=tls (Q1)"
        yield Finding(f"trunk {name}", False, f"speaks in clear over {trunk.transport}", remedy, optional=True)
