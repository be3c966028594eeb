"""What a run was asked for, so that it can be continued."""

from __future__ import annotations

import os
from importlib.metadata import version

import pytest

from framework.deploy import Build
from framework.journal.runs import RunBegan
from framework.plugin.options import Options


def run_began(config: pytest.Config, options: Options, build: Build) -> RunBegan:
    """What this run was asked for, as its journal tells it."""
    given = config.invocation_params
    return RunBegan(
        arguments=tuple(map(str, given.args)),
        directory=str(given.dir),
        build=build.spec.label,
        hashes={artifact.source: artifact.sha256 for _, artifact in build.artifacts()},
        devices=str(options.devices),
        version=version("pocketfarm"),
        pid=os.getpid(),
    )
