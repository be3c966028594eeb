"""Device states of a foldable."""

from __future__ import annotations

import pytest

from framework.virtual.android.posture import PostureManager
from framework.virtual.profiles import load_profile

STATES = load_profile("xiaomi-mix-fold-3").postures


def test_a_foldable_starts_open() -> None:
    """The widest hinge angle."""
    assert PostureManager(STATES).current.name == "OPENED"


def test_ids_do_not_follow_the_names() -> None:
    """Numbers skip: who selects by number must ask first."""
    assert [(state.id, state.name) for state in STATES] == [
        (0, "CLOSED"),
        (2, "HALF_OPENED"),
        (3, "OPENED"),
        (4, "TENT"),
    ]


@pytest.mark.parametrize("wanted", [2, "2", "HALF_OPENED", "half_opened"])
def test_states_are_found_by_id_and_name(wanted: str | int) -> None:
    """In any case."""
    found = PostureManager(STATES).find(wanted)
    assert found is not None
    assert found.id == 2


def test_an_override_covers_the_hinge_until_reset() -> None:
    """The base state moves below it."""
    manager = PostureManager(STATES)
    manager.request("CLOSED")
    manager.move_hinge("HALF_OPENED")
    assert (manager.current.name, manager.base.name) == ("CLOSED", "HALF_OPENED")
    manager.reset()
    assert manager.current.name == "HALF_OPENED"


def test_listeners_hear_of_changes_only() -> None:
    """Once for each new state, not for a request of the same one."""
    manager, heard = PostureManager(STATES), []
    manager.listen(lambda state: heard.append(state.name))
    for wanted in ("CLOSED", "CLOSED", 3):
        manager.request(wanted)
    manager.reset()
    assert heard == ["CLOSED", "OPENED"]


def test_unknown_states_are_refused() -> None:
    """Nothing changes."""
    manager = PostureManager(STATES)
    with pytest.raises(KeyError):
        manager.request(1)
    with pytest.raises(KeyError):
        manager.move_hinge("REAR")
    assert manager.current.name == "OPENED"


def test_a_phone_has_one_state() -> None:
    """DEFAULT."""
    manager = PostureManager(load_profile("xiaomi-13").postures)
    assert [state.name for state in manager.states] == ["DEFAULT"]
