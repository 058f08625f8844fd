"""Asterisk's REST calls, typed, in ARI's own groups and words. Each raises AriError, see ``dialplan.ari.errors``."""
