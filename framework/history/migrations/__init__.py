"""Alembic's migrations of the history; see `framework.history.migrating`."""
