"""Planning at the command line: how many operators, and what the city's own plan means."""
