"""What holds on the command line of a run that continues another one."""

from __future__ import annotations

import pytest

from framework.plugin.arguments import Merged, merged
from framework.plugin.options import add_options


@pytest.fixture(scope="module")
def parser(pytestconfig: pytest.Config) -> pytest.Parser:
    """That of this run, which does without the farm's plugin, with the farm's options."""
    add_options(pytestconfig._parser)
    return pytestconfig._parser


@pytest.mark.parametrize(
    ("first", "given", "expected"),
    [
        ("suites -n 4 --build b.yaml", "--resume latest", ("suites -n 4 --build b.yaml", False)),
        ("suites", "--resume=latest -v", ("suites -v", False)),
        ("-v suites/a.yaml suites/b.yaml::b", "suites/b.yaml --resume latest", ("-v suites/b.yaml", True)),
        ("-k suites suites", "other --resume x", ("-k suites other", True)),
        ("suites -k a", "--resume x -k b", ("suites -k a -k b", True)),
        ("suites --lf --ff --lfnf all --sw --clean-alluredir", "--resume x", ("suites", False)),
        ("suites --handset a --handset=b", "--resume x --handset c", ("suites --handset c", False)),
        ("suites --resume old -x", "--resume old", ("suites -x", False)),
        ("", "suites -n 2 --resume old", ("suites -n 2", True)),
        ("suites -o a=b", "--resume x -o a=b", ("suites -o a=b -o a=b", False)),
    ],
)
def test_the_first_arguments_hold_and_the_new_ones_win(
    parser: pytest.Parser, first: str, given: str, expected: tuple[str, bool]
) -> None:
    """Paths replace paths and handsets handsets; what was selected by history is selected already."""
    arguments, narrowed = expected
    assert merged(first.split(), given.split(), parser) == Merged(tuple(arguments.split()), narrowed)


def test_what_is_read_before_plugins_is_to_be_given_again(parser: pytest.Parser) -> None:
    with pytest.raises(pytest.UsageError, match=r"give again what the first run was configured by: -o a=b -c x\.ini"):
        merged(["suites", "-o", "a=b", "-c", "x.ini"], ["--resume", "x"], parser)
