"""`farm schema` prints what the contract gives."""

from __future__ import annotations

import json

import pytest

from framework.cli import main
from framework.contract.kinds import KINDS, Kind
from framework.contract.schema import json_schema


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_printed(kind: Kind, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output is the JSON document and nothing else."""
    assert main(["schema", kind]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema(kind)


def test_an_unknown_kind_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, naming the kinds."""
    with pytest.raises(SystemExit) as caught:
        main(["schema", "device"])
    assert caught.value.code == 2
    assert "'devices', 'build', 'scenario'" in capsys.readouterr().err
