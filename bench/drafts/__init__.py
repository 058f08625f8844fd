"""Drafts of histories from synthetic talks: what they cost, and how right they are."""
