"""YAML text as plain data: scalars as written, faults named, aliases bounded."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.contract.yaml_tree import MAX_NODES, parse, path_text

SCALARS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(SCALARS.filter(lambda key: key != "<<"), inner, max_size=3)
    ),
    max_leaves=12,
)


def said(text: str) -> list[str]:
    return [str(problem) for problem in parse(text, "f.yaml").problems]


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS, flow=st.booleans())
def test_what_pyyaml_writes_is_read_back(document: object, flow: bool) -> None:
    """Quoted text of any kind, nested in lists and mappings, in both styles, comes back as it was."""
    text = yaml.safe_dump(document, default_style='"', default_flow_style=flow, allow_unicode=True)
    tree = parse(text, "f.yaml")
    assert (tree.data, tree.problems) == (document, ())


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("ab:- \n\t[]{}&*!#'\"|>?,%@<~\x00\ufeff é"), max_size=40))
def test_no_text_makes_it_raise(text: str) -> None:
    """Whatever is in a file, there is data or at least one problem of one line."""
    tree = parse(text, "f.yaml")
    assert all("\n" not in str(problem) for problem in tree.problems)


def test_scalars_stay_as_they_are_written() -> None:
    """Leading zeros, versions, dates and YAML 1.1's words for booleans are text; only a plain null is None."""
    text = "serial: 0123456\nversion: 1.10\nday: 2024-01-02\nflag: yes\nhex: 0x1F\nnone: ~\nempty:\nword: 'null'\n"
    assert parse(text, "f.yaml").data == {
        "serial": "0123456",
        "version": "1.10",
        "day": "2024-01-02",
        "flag": "yes",
        "hex": "0x1F",
        "none": None,
        "empty": None,
        "word": "null",
    }


def test_lines_are_those_of_keys_and_items() -> None:
    """A place is on the line of its key or its dash, also within flow style and after an alias."""
    tree = parse("a:\n  - b: 1\n    c: {d: 2,\n        e: 3}\n  - &x {f: 1}\n  -\n    *x\n", "f.yaml")
    places = [("a",), ("a", 0), ("a", 0, "b"), ("a", 0, "c", "e"), ("a", 2, "f"), ("a", 0, "missing"), ("nowhere",)]
    assert [tree.line(place) for place in places] == [1, 2, 2, 4, 5, 2, 1]


def test_a_key_twice_names_both_lines_and_keeps_the_first() -> None:
    """The second of two equal keys is the fault."""
    tree = parse("a: 1\nb: 2\na: 3\n", "f.yaml")
    assert (tree.data, said("a: 1\nb: 2\na: 3\n")) == (
        {"a": "1", "b": "2"},
        ["f.yaml:3: a: given twice, first on line 1"],
    )


def test_an_alias_is_what_its_anchor_is() -> None:
    """Aliases of scalars and of collections are read."""
    tree = parse("a: &one 1\nb: &many [x, *one]\nc: *many\n", "f.yaml")
    assert (tree.data, tree.problems) == ({"a": "1", "b": ["x", "1"], "c": ["x", "1"]}, ())


def test_a_billion_laughs_are_refused() -> None:
    """Aliases that multiply are counted in full and stop the reading early."""
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert said("\n".join(lines)) == [f"f.yaml:5: more than {MAX_NODES} values, aliases counted in full"]


def test_an_alias_of_itself_is_unknown() -> None:
    """A collection cannot hold itself: its anchor counts only when it is complete."""
    assert said("a: &x [1, *x]\n") == ["f.yaml:1: a[1]: no &x stands before *x"]


def test_deep_nesting_is_refused() -> None:
    """A hundred thousand brackets are a message, not a crash."""
    assert said("[" * 100_000) == ["f.yaml:1: nested more than 40 deep"]


def test_paths_are_written_as_in_python() -> None:
    """Keys with dots between them, numbers in brackets."""
    assert path_text(("handsets", 2, "address")) == "handsets[2].address"
    assert path_text((0, "a")) == "[0].a"
