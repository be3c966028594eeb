"""A run's courses from turn to turn, which a comparison needs: runs whose folders are still there are read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("run", sa.Column("courses", sa.Text, nullable=False, server_default="[]"))
    op.execute("UPDATE run SET journal_bytes = NULL")
