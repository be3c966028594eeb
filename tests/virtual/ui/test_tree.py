"""Rectangles and the tree of views."""

from __future__ import annotations

from framework.virtual.ui.tree import Bounds, Display, Node

LEAF = Node("leaf", "Leaf", Bounds(10, 10, 20, 20))
OVER = Node("over", "Over", Bounds(15, 10, 30, 20))
ROOT = Node("root", "Root", Bounds(0, 0, 100, 100), children=(LEAF, OVER))


def test_bounds_meet_or_do_not() -> None:
    """Right and bottom edges are outside."""
    assert Bounds(0, 0, 10, 10).clip(Bounds(5, 5, 20, 20)) == Bounds(5, 5, 10, 10)
    assert Bounds(0, 0, 10, 10).clip(Bounds(10, 0, 20, 10)) is None
    assert Bounds(0, 0, 10, 10).contains(9, 0)
    assert not Bounds(0, 0, 10, 10).contains(10, 0)
    assert str(Bounds(1, 2, 3, 4)) == "[1,2][3,4]"


def test_a_point_leads_to_the_topmost_view() -> None:
    """Of views that overlap, the one that is drawn last."""
    assert [node.key for node in ROOT.path_to(17, 12)] == ["root", "over"]
    assert [node.key for node in ROOT.path_to(12, 12)] == ["root", "leaf"]
    assert [node.key for node in ROOT.path_to(50, 50)] == ["root"]
    assert ROOT.path_to(100, 50) == ()


def test_walking_goes_parents_first() -> None:
    """In drawing order."""
    assert [node.key for node in ROOT.walk()] == ["root", "leaf", "over"]
    assert ROOT.find("leaf") is LEAF
    assert ROOT.find("none") is None


def test_lengths_follow_the_density() -> None:
    """One dp is one pixel at 160 dpi."""
    assert Display(1080, 2400, 440).px(16) == 44
