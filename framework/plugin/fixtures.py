"""Fixtures for thin tests of suites: documented and stable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from framework.contract.capabilities import Handset
    from framework.session import Session


@pytest.fixture
def assistant(request: pytest.FixtureRequest) -> Session:
    """A session on this worker's handset: leased, the build deployed and started. See `framework.session.Session`."""
    from framework.plugin.worker import lab_of

    return lab_of(request.config).session_for_test()


@pytest.fixture
def handset(assistant: Session) -> Handset:
    """The leased handset: `shell`, `files`, `packages`, `log`, `posture`, `ui`; see `contract.capabilities.Handset`."""
    return assistant.handset
