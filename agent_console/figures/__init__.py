"""The pages of figures (統計)."""
