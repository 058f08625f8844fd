"""The telephone directory (内線番号表): kept and logged, read from spreadsheets, found as one types."""
