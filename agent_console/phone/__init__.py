"""The softphone in the operator's page: its way to Asterisk, and what the page shows of it."""
