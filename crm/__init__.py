"""The store: calls, their log, cases and histories, the centre's versions, users, and what becomes of recordings."""
