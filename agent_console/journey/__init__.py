"""What a call went through, and why an operator gets none, in words (経過)."""
