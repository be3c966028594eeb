"""Folding, against a `cmd device_state` that follows slowly, as real ones do."""

from __future__ import annotations

from typing import Any

import pytest

from framework.contract.errors import HandsetError
from framework.handset.adbd import AdbdConnection
from framework.handset.posture import HandsetPosture
from framework.handset.shell import HandsetShell

# The state follows two questions after the request, the display one question later still.
CMD = """
[ "$1" = device_state ] || exit 20
read -r hinge wanted <$STATE/fold
text() { echo "DeviceState{identifier=$1, name='$2', app_accessible=true}"; }
name() { set -- $1 CLOSED 0 HALF_OPENED 3 OPENED 4 REAR_DISPLAY_MODE 9 LAPTOP
  case $1 in 0) echo CLOSED;; 2) echo HALF_OPENED;; 3) echo OPENED;; 9) echo LAPTOP;; esac; }
case "$2 $3" in
"print-states ") echo "Supported states: ["; for id in 0 2 3; do text $id $(name $id); done; echo "]";;
"state ")
  read -r asked <$STATE/asked; echo $((asked + 1)) >$STATE/asked
  now=$hinge; [ "$wanted" != - ] && [ $asked -ge 2 ] && now=$wanted
  echo "Committed state: $(text $now $(name $now))"
  [ "$wanted" = - ] || { echo ---; echo "Base state: $(text $hinge $(name $hinge))"
    echo "Override state: $(text $wanted $(name $wanted))"; };;
"state reset") echo "$hinge -" >$STATE/fold; echo 0 >$STATE/asked;;
"state 2"|"state 3"|"state 0") echo "$hinge $3" >$STATE/fold; echo 0 >$STATE/asked;;
*) echo "Error: Requested state: $3 is not supported." >&2; exit 255;;
esac
"""
WM = """
read -r hinge wanted <$STATE/fold; read -r asked <$STATE/asked
[ "$asked" -ge 4 ] || wanted=$hinge
[ "$wanted" = 0 ] && echo "Physical size: 1080x2520" || echo "Physical size: 1916x2160"
echo x >>$STATE/sizes
"""


@pytest.fixture
def foldable(phone: Any, straight: AdbdConnection) -> Any:
    """A phone that lies open."""
    phone.command("cmd", CMD)
    phone.command("wm", WM)
    (phone.root / "fold").write_text("3 -\n")
    (phone.root / "asked").write_text("9\n")
    return phone


@pytest.fixture
def posture(straight: AdbdConnection) -> HandsetPosture:
    return HandsetPosture("phone", HandsetShell("phone", straight), time_scale=20)


def test_folding_waits_for_state_and_display(foldable: Any, posture: HandsetPosture) -> None:
    """Folding returns when the state is reached and the display has stayed as it is for three readings."""
    assert posture.current() == "open"
    posture.fold("closed")
    assert posture.current() == "closed"
    assert int((foldable.root / "asked").read_text()) >= 4 + 3


def test_states_are_chosen_by_name(foldable: Any, posture: HandsetPosture) -> None:
    """HALF_OPENED has the id 2 on this handset, OPENED the id 3."""
    posture.fold("half_open")
    assert (foldable.root / "fold").read_text() == "3 2\n"
    posture.fold("open")
    assert (foldable.root / "fold").read_text() == "3 3\n"


def test_reset_gives_the_hinge_its_word_back(foldable: Any, posture: HandsetPosture) -> None:
    """After a reset there is no override left."""
    posture.fold("closed")
    posture.reset()
    assert (foldable.root / "fold").read_text() == "3 -\n"
    assert posture.current() == "open"


def test_other_states_are_seen_as_one_of_the_three(foldable: Any, posture: HandsetPosture) -> None:
    """A tent is half open; nobody asks for it by that name."""
    foldable.command("cmd", CMD.replace("LAPTOP", "TENT"))
    (foldable.root / "fold").write_text("9 -\n")
    assert posture.current() == "half_open"


def test_an_unknown_posture_is_told(foldable: Any, posture: HandsetPosture) -> None:
    """A state that nobody has mapped is named rather than guessed."""
    (foldable.root / "fold").write_text("9 -\n")
    with pytest.raises(HandsetError, match="its posture LAPTOP is not known"):
        posture.current()


def test_a_handset_that_does_not_fold(phone: Any, straight: AdbdConnection, posture: HandsetPosture) -> None:
    """One state, or no such service: it has no posture, cannot be folded, and resetting is nothing."""
    for script in ("exit 20", "echo \"DeviceState{identifier=0, name='DEFAULT'}\""):
        phone.command("cmd", script)
        assert posture.foldable is False
        assert posture.current() is None
        with pytest.raises(HandsetError, match="it cannot be half open"):
            posture.fold("half_open")
        posture.reset()


def test_a_refused_posture(phone: Any, foldable: Any, posture: HandsetPosture) -> None:
    """The handset's reason comes back."""
    phone.command("cmd", CMD.replace('"state 2"|', ""))
    with pytest.raises(HandsetError, match="it refuses the posture 2: Error: Requested state: 2 is not supported"):
        posture.fold("half_open")
