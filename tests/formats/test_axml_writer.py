"""Binary XML, written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.formats.axml import ANDROID, ATTRIBUTE_IDS, Attribute, Element, Opaque, Reference, read_xml
from framework.formats.axml_writer import element, write_xml

texts = st.text(st.characters(codec="utf-8"), max_size=30)
values = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(1 << 31), (1 << 31) - 1),
    st.integers(0, (1 << 32) - 1).map(Reference),
    st.integers(0, (1 << 32) - 1).map(lambda data: Opaque(4, data)),
)
android = st.builds(
    lambda name, value: Attribute(name, value, ANDROID, ATTRIBUTE_IDS[name]),
    st.sampled_from(sorted(ATTRIBUTE_IDS)),
    values,
)
plain = st.builds(Attribute, st.sampled_from(["package", "split", "name", "value"]), values)
attributes = st.lists(st.one_of(android, plain), max_size=5, unique_by=lambda a: (a.name, a.namespace)).map(
    lambda unsorted: tuple(sorted(unsorted, key=lambda a: a.resource or 1 << 32))
)
trees = st.recursive(
    st.builds(Element, texts, attributes),
    lambda below: st.builds(Element, texts, attributes, st.lists(below, max_size=3).map(tuple)),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(trees)
def test_a_tree_survives_writing_and_reading(root: Element) -> None:
    """Any tree whose attributes are in the order of their ids is read back as it was."""
    assert read_xml(write_xml(root), "x") == root


def test_attributes_are_sorted_by_resource_id() -> None:
    """Android looks attributes up by ascending id, whatever their order in the source; the others come last."""
    written = write_xml(element("a", {"package": "p", "android:versionName": "1", "android:label": "l"}))
    names = [attribute.name for attribute in read_xml(written, "x").attributes]
    assert names == ["label", "versionName", "package"]


def test_an_attribute_without_a_known_id_is_refused() -> None:
    """Android would not find it, so it is an error of the caller."""
    with pytest.raises(KeyError):
        element("a", {"android:lable": "typo"})


def test_long_strings() -> None:
    """Lengths of one and of two bytes, and a refusal beyond."""
    for length in (0, 0x7F, 0x80, 0x7FFF):
        assert read_xml(write_xml(element("a", {"x": "é" * (length // 2)})), "x").plain("x") == "é" * (length // 2)
    with pytest.raises(ValueError, match="too long"):
        write_xml(element("a", {"x": "x" * 0x8000}))
