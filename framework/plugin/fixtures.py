"""Fixtures for thin tests of suites: documented and stable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from framework.contract.capabilities import Handset
    from framework.plugin.faults import Faults
    from framework.session import Session


@pytest.fixture
def assistant(request: pytest.FixtureRequest) -> Session:
    """A session on this worker's handset: leased, the build deployed and started. See `framework.session.Session`.

    `@pytest.mark.needs(foldable=True, ram_gb=">=8")` says what the handset must have.
    """
    from framework.plugin.needs import marked_needs
    from framework.plugin.outcome import HANDSET
    from framework.plugin.roll import skip_what_nothing_can_run
    from framework.plugin.variants import variant_of
    from framework.plugin.worker import lab_of

    needs, variant = marked_needs(request.node), variant_of(request.node)
    skip_what_nothing_can_run(request.config, needs, variant)
    session = lab_of(request.config).session_for_test(needs, variant)
    request.node.user_properties.append((HANDSET, [session.identity.name, session.identity.model]))
    return session


@pytest.fixture
def handset(assistant: Session) -> Handset:
    """The leased handset: `shell`, `files`, `packages`, `log`, `posture`, `ui`; see `contract.capabilities.Handset`."""
    return assistant.handset


@pytest.fixture
def faults(assistant: Session) -> Iterator[Faults]:
    """What goes wrong in labs, on demand: `faults.begin("unplug", for_s=60)`, or `with faults.during("offline")`.

    Of the virtual handset that `assistant` holds; on any other the test is skipped. Whatever is under way when the
    test ends is undone. See `framework.plugin.faults.Faults`, and `farm virtual fault --help` for the kinds.
    """
    from framework.plugin.faults import faults_of

    found = faults_of(assistant.handset.target)
    yield found
    found.clear()
