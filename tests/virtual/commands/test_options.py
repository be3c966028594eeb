"""Reading command lines and numbers as toybox does."""

from __future__ import annotations

import pytest

from framework.virtual.commands.context import CommandFault
from framework.virtual.commands.options import HelpWanted, parse_options, to_nanoseconds, to_number


def test_flags_values_and_operands() -> None:
    """Bundled, with the value attached or apart, by long name, behind operands, up to `--`."""
    options = parse_options(
        ["x", "-ab", "one", "-n5", "-c", "7", "--name=v", "--all", "--", "-z"],
        "abz",
        "ncN",
        long={"name": "N", "all": "z"},
    )
    assert options.flags == ["a", "b", "z"]
    assert options.values == {"n": ["5"], "c": ["7"], "N": ["v"]}
    assert options.operands == ["one", "-z"]


def test_leading_options_end_at_the_first_operand() -> None:
    """As for commands that run another command line."""
    options = parse_options(["timeout", "-k", "1", "5", "ls", "-l"], "f", "k", leading=True)
    assert options.operands == ["5", "ls", "-l"]


def test_the_last_of_several_flags_counts() -> None:
    """`last_of` for flags that override each other."""
    options = parse_options(["ls", "-tS"], "tSU")
    assert [options.last_of("tSU"), options.last_of("U", "none")] == ["S", "none"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["x", "-Q"], "Unknown option 'Q' (see \"x --help\")"),
        (["x", "--long"], "Unknown option 'long' (see \"x --help\")"),
        (["x", "-n"], 'Missing argument to -n (see "x --help")'),
        (["x"], 'Needs 1 argument (see "x --help")'),
        (["x", "a", "b", "c"], 'Max 2 arguments (see "x --help")'),
    ],
)
def test_mistakes_are_told_in_toyboxs_words(argv: list[str], message: str) -> None:
    """With the status that the command asks for."""
    with pytest.raises(CommandFault) as caught:
        parse_options(argv, "a", "n", minimum=1, maximum=2, status=2)
    assert (str(caught.value)) == message


def test_help_is_no_mistake() -> None:
    """`--help` asks for the usage."""
    with pytest.raises(HelpWanted, match="usage: x FILE"):
        parse_options(["x", "--help"], usage="FILE")


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-3", -3), ("0x10", 16), ("4k", 4096), ("4kd", 4000), ("2m", 2 << 20), ("1b", 512), ("3c", 3)],
)
def test_numbers_have_units(text: str, number: int) -> None:
    """Powers of 1024, with `d` of 1000."""
    assert to_number(text) == number


@pytest.mark.parametrize(
    ("text", "seconds"), [("5", 5), ("0.2", 0.2), ("1.5m", 90), ("1h", 3600), ("2s", 2), ("1d", 86400)]
)
def test_durations_have_units(text: str, seconds: float) -> None:
    """Seconds unless told otherwise."""
    assert to_nanoseconds(text) == seconds * 10**9


@pytest.mark.parametrize("read", [to_number, to_nanoseconds])
def test_what_is_no_number_is_refused(read: object) -> None:
    """As a fault of the command line."""
    assert callable(read)
    with pytest.raises(CommandFault):
        read("x")
