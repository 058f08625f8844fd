"""How many calls a machine carries before those who come last, or those who are there, notice it."""
