"""検索: full-text search over cases and histories (C1)."""
