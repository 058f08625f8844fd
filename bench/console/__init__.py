"""How long people wait for the console over a full store: see ``__main__``."""
