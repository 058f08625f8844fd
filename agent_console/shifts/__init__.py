"""勤務: who worked when, on a page and as CSV."""
