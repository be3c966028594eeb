"""From what a handset is found in to what measuring needs: in two questions where it is awake and unlocked."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from framework.contract.errors import HandsetError
from framework.contract.preparation import Change, Prepared, Refusal
from framework.dumps.errors import DumpError
from framework.dumps.screen_state import NEEDLES, ScreenState
from framework.dumps.screen_state import parse as parse_screen
from framework.handset.preparation.given_back import SIMPLE, note
from framework.handset.preparation.screen import GIVE_SLEEP, Pin, light_up
from framework.handset.preparation.table import SECURITY_SETTINGS, TABLE, ZEN_WORDS, Wanted, same, spoiled, value_for

Ask = Callable[[str], str]
"""Runs a script in the shell that holds the lease, and gives what it printed; HandsetError where that cannot be."""

_WHERE = ("system", "global")
_KEYS = "|".join(wanted.key for wanted in TABLE)
_UNREAD = "UNREAD"
SETTINGS = "\n".join(
    f"rows=$(settings list {where} 2>&1) || echo {_UNREAD} {where} $rows\n"
    f"""printf '%s\\n' "$rows" | sed -nE 's/^({_KEYS})=/{where} \\1 /p'"""
    for where in _WHERE
)
SCREEN = f"""dumpsys power 2>/dev/null | grep -E '{NEEDLES[0]}'
dumpsys window policy 2>/dev/null | grep -E '{"|".join(NEEDLES[1:])}'"""

BOOTING = "is it still booting?"
_REFUSED = "REFUSED"
_THROWN = re.compile(r"[\w.$]*(?:Exception|Error): ?[^\n]*")
_LETTERS = 200


@dataclass(frozen=True, slots=True)
class _Plan:
    wanted: Wanted
    found: str | None
    value: str

    @property
    def change(self) -> Change:
        return Change(self.wanted.what, f"{self.wanted.where} {self.wanted.key}", self.found, self.value)

    @property
    def given_back(self) -> str:
        where, key = self.wanted.where, self.wanted.key
        if key == "zen_mode":
            return f"dnd {_zen(self.found)}"
        return f"delete {where} {key}" if self.found is None else f"put {where} {key} {self.found}"

    @property
    def command(self) -> str:
        where, key = self.wanted.where, self.wanted.key
        if key == "zen_mode":
            return f"cmd notification set_dnd {_zen(self.value)}"
        return f"settings put {where} {key} {shlex.quote(self.value)}"


def prepare(handset: str, ask: Ask, pin: Pin | None = None) -> Prepared:
    """Set what is not yet as the table wants it, light the screen and unlock it.

    What is to be given back is noted on the handset first. A setting that the handset refuses is told and does no
    harm, but for those whose row says what they spoil. HandsetError: the screen stays dark or locked.
    """
    printed = ask(f"{SETTINGS}\n{SCREEN}")
    unread = next((line for line in printed.splitlines() if line.startswith(_UNREAD)), None)
    if unread is not None:  # else nobody could give back what was not read
        raise HandsetError(handset, f"its settings cannot be read: {_reason(unread.removeprefix(_UNREAD))}", BOOTING)
    found, screen = _values(printed), _screen(printed)
    plans, strange = _plans(found)
    dark = screen is not None and (not screen.awake or bool(screen.locked))
    back = [plan.given_back for plan in plans] + ([GIVE_SLEEP] if dark else [])
    refusals = strange
    if back:
        refusals += _applied(handset, ask, plans, back)
    refused = {refusal.what for refusal in refusals}
    changes = [plan.change for plan in plans if plan.wanted.what not in refused]
    if dark and screen is not None:
        changes += light_up(handset, lambda script: _screen(ask(f"{script}\n{SCREEN}")), screen, pin)
    return Prepared(tuple(changes), tuple(refusals))


def unlock(handset: str, ask: Ask, pin: Pin | None = None) -> None:
    """Light the screen and unlock it, where it has gone dark since; HandsetError where it stays so."""
    screen = _screen(ask(SCREEN))
    if screen is not None:
        light_up(handset, lambda script: _screen(ask(f"{script}\n{SCREEN}")), screen, pin)


def _values(printed: str) -> Mapping[str, str]:
    """By key; the tables share none."""
    rows = (line.split(" ", 2) for line in printed.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] in _WHERE}


def _screen(printed: str) -> ScreenState | None:
    """None where the handset does not tell."""
    try:
        return parse_screen(printed)
    except DumpError:
        return None


def _plans(found: Mapping[str, str]) -> tuple[list[_Plan], list[Refusal]]:
    """What has to be set, and what is better left alone: values that nobody could give back as they were."""
    plans, strange = [], []
    for wanted in TABLE:
        value = found.get(wanted.key)
        if value == "null":
            value = None
        plan = _Plan(wanted, value, value_for(wanted, value))
        if same(value, plan.value) or (value is None and wanted.spoils):
            continue
        if value is not None and not SIMPLE.fullmatch(value):
            strange.append(Refusal(wanted.what, f"it is set to {value[:80]!r}, which could not be given back"))
        else:
            plans.append(plan)
    return plans, strange


def _applied(handset: str, ask: Ask, plans: list[_Plan], back: list[str]) -> list[Refusal]:
    """Note what is found, set what is wanted, and read again what came of it."""
    commands = [f"said=$({plan.command} 2>&1) || echo {_REFUSED} {plan.wanted.key} $said" for plan in plans]
    lines = [f"if {note(back)}; then :", *commands, SETTINGS, f"else echo {_REFUSED} note; fi"]
    printed = ask("\n".join(lines))
    said = _said(printed)
    if "note" in said:
        mend = "make room under /data/local/tmp"
        raise HandsetError(handset, "it keeps no note of its settings, so none was changed", mend)
    now, refusals = _values(printed), []
    for plan in plans:
        if same(now.get(plan.wanted.key), plan.value):
            continue
        reason = said.get(plan.wanted.key) or f"it still is {now.get(plan.wanted.key, 'not set')}, without a word why"
        if plan.wanted.spoils:
            raise spoiled(handset, plan.wanted, reason)
        refusals.append(Refusal(plan.wanted.what, reason))
    return refusals


def _said(printed: str) -> Mapping[str, str]:
    """Key → the reason, for what the handset refused in words."""
    rows = (line.split(" ", 2) for line in printed.splitlines() if line.startswith(f"{_REFUSED} "))
    return {row[1]: _reason(row[2] if len(row) > 2 else "") for row in rows}


def _reason(text: str) -> str:
    thrown = _THROWN.search(text)
    reason = (thrown[0] if thrown else text.strip())[:_LETTERS] or "it gave no reason"
    permission = "ermission" in reason
    return f"{reason} ({SECURITY_SETTINGS})" if permission else reason


def _zen(value: str | None) -> str:
    known = value is not None and value.isdecimal() and int(value) < len(ZEN_WORDS)
    return ZEN_WORDS[int(value)] if known and value is not None else ZEN_WORDS[0]
