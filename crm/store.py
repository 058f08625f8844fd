"""The store as the rooms see it: one object whose parts are the ports of ``kernel.ports`` and more."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy import select

from crm.announcer import Announcer
from crm.calls import StoredCalls
from crm.case_finder import CaseFinder
from crm.case_rows import CaseRows
from crm.cases import Cases
from crm.centres import CentreVersions
from crm.database import Database
from crm.directory.directory import Directory
from crm.displays import Displays
from crm.drafts import Drafts
from crm.figures.interpreting_reader import StoredInterpreting
from crm.figures.reader import StoredFigures
from crm.figures.transfer_reader import StoredTransfers
from crm.finding.finding import Finding
from crm.finding.signatures import Signatures
from crm.finding.signing import Signing
from crm.fingerprint import Fingerprints
from crm.given_up import GivenUpCalls
from crm.group_commit import GroupCommit
from crm.housekeeping import Housekeeping
from crm.journal import StoreJournal
from crm.key_check import check_keys
from crm.keyring import Keyring
from crm.lease import StoreLease
from crm.log import EventLog
from crm.logins import Logins
from crm.messages import Messages
from crm.migrate import check_schema
from crm.open_pages import OpenPages
from crm.operators import StoredOperators
from crm.passwords import Passwords
from crm.recordings import Recordings
from crm.rights import Rights
from crm.rotation import BATCH, rotate
from crm.rows import CallRows
from crm.second_factors import SecondFactors
from crm.sessions import Sessions
from crm.sms.outbox import Outbox
from crm.tables import leases
from crm.talk_drafts import TalkDrafts
from crm.user_admin import UserAdmin
from crm.users import Users
from crm.utterances import Utterances
from crm.viewings import Viewings
from kernel.ports import Bus


class Store:
    """Everything that is kept. Made by ``open_store``."""

    def __init__(self, database: Database, keyring: Keyring, bus: Bus | None) -> None:
        rows = CallRows(keyring)
        self.database = database
        self.keyring = keyring
        self.announcer = Announcer(bus)
        self.commits = GroupCommit(database, rows)
        self.journal = StoreJournal(self.commits, self.announcer)
        self.events = EventLog(database, self.announcer)
        self.calls = StoredCalls(database, rows)
        self.given_up = GivenUpCalls(database, rows, self.announcer)
        self.operators = StoredOperators(database)
        self.figures = StoredFigures(database)
        self.centres = CentreVersions(database, self.announcer)
        case_rows, signatures = CaseRows(keyring), Signatures(keyring)
        self.cases = Cases(database, case_rows, signatures, self.announcer)
        self.case_finder = CaseFinder(database, case_rows)
        self.drafts = Drafts(database, keyring)
        self.open_pages = OpenPages(database)
        self.housekeeping = Housekeeping(database, case_rows, self.drafts, self.open_pages)
        self.finding = Finding(database, case_rows, signatures)
        self.signing = Signing(database, case_rows, signatures, self.finding)
        self.recordings = Recordings(database, self.announcer)
        self.messages = Messages(database, rows, self.announcer)
        passwords = Passwords()
        self.logins = Logins(database, Fingerprints(keyring))
        self.users = Users(database, self.logins, passwords)
        self.user_admin = UserAdmin(database, passwords)
        self.second_factors = SecondFactors(database, keyring)
        self.sessions = Sessions(database)
        self.rights = Rights(database)
        self.utterances = Utterances(database, rows)
        self.outbox = Outbox(database, rows.messages, self.announcer)
        self.talk_drafts = TalkDrafts(database, keyring, self.announcer)
        self.viewings = Viewings(database)
        self.displays = Displays(database)
        self.directory = Directory(database, self.announcer)
        self.transfers = StoredTransfers(database, self.directory)
        self.interpreting = StoredInterpreting(database)

    def lease(self, name: str, lease_seconds: float) -> StoreLease:
        """A lease of this process; each has a holder of its own."""
        return StoreLease(self.database, name, lease_seconds)

    async def beat(self, name: str) -> int | None:
        """The holder's last beat of the lease ``name``, which grows as long as it lives; None where nobody holds it."""
        async with self.database.read() as connection:
            return (await connection.execute(select(leases.c.beat).where(leases.c.name == name))).scalar_one_or_none()

    async def rotate(self, batch: int = BATCH) -> Mapping[str, int]:
        """Seal everything with the current key: rows changed, by table (``crm.rotation``)."""
        return await rotate(self.database, self.keyring, batch)


@asynccontextmanager
async def open_store(url: str, keyring: Keyring, bus: Bus | None = None) -> AsyncGenerator[Store]:
    """The store at ``url``; what it commits is told to ``bus`` (a command line tool has none: nobody is told).

    Raises StoreError where the tables or the keys are not this store's. Leaving commits the journal's backlog first,
    and raises NotStored when the database does not take it.
    """
    database = Database(url)
    try:
        await check_schema(database)
        await check_keys(database, keyring)
        store = Store(database, keyring, bus)
        try:
            yield store
        finally:
            await _leave(store)
    finally:
        await database.close()


async def _leave(store: Store) -> None:
    try:
        await store.journal.close()
    finally:
        try:
            await store.viewings.close()
        finally:
            await store.announcer.close()
