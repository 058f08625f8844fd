"""The centre's document in the browser: what administrators change, look at, hear and take back (Q6)."""
