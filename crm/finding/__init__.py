"""Full-text search over what is sealed (C1, Q2): docs/decisions/finding.md says how and why."""
