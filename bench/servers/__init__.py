"""PostgreSQL and Redis of a run's own: for benchmarks and tests."""
