"""The base of every record that is read from a file."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """Frozen, and strict about keys: an unknown one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)
