"""Figures from the log of events: what is counted is pure, ``reader`` alone knows the database."""
