"""Append-only records on disk: a run, and each recording in it, readable however the process ended."""
