"""A year of a provincial federation, built in bulk: `python -m benchmarks.federation --database URL --share 1.0`."""
