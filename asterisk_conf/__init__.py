"""The centre's Asterisk, and one that stands for the world outside: found, configured from settings, started."""
