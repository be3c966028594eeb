"""Who uses the handset, and which build it has."""

from __future__ import annotations

import json
from collections.abc import Callable

from framework.doctor.answers import Answers
from framework.doctor.checks import work

Make = Callable[..., Answers]


def test_lease(make_answers: Make) -> None:
    """Free, held and by whom, not asked."""
    holder = json.dumps({"who": "jin@laptop", "why": "smoke", "since_wall_s": 1700000000, "counter": 3})
    free, held = (work.lease(make_answers(holder=text)) for text in ("", f"HELD\n{holder}"))
    assert free is not None
    assert held is not None
    assert (free.level, free.finding) == ("ok", "free")
    assert (held.level, held.finding) == ("warning", "held by jin@laptop since 2023-11-14 22:13:20 UTC for smoke")
    assert work.lease(make_answers()) is None


def test_hold_and_quarantine(make_answers: Make) -> None:
    """Who, since when, for what and how long still; none; not asked."""
    boot = "0c2e6f1a-0000-4000-8000-000000000000"
    times = {"boot_id": boot, "since_boot_s": 100.0, "since_wall_s": 1700000000}
    hold = json.dumps({"who": "jin@laptop", "why": "a show", **times, "for_s": 7300.0})
    sick = json.dumps({"who": "mai@lab", "why": "swollen battery", **times, "for_s": None})
    now = f"now 200.5 {boot} 1700000100"
    marked = make_answers(marks=f"{now}\nhold\n{hold}\nquarantine\n{sick}\n", speed="10")
    held, out = work.hold(marked), work.quarantine(marked)
    assert held is not None
    assert out is not None
    assert (held.level, out.level) == ("warning", "warning")
    assert held.finding == "held by jin@laptop since 2023-11-14 22:13:20 UTC for a show, 12 min left"
    assert out.finding == "quarantined by mai@lab since 2023-11-14 22:13:20 UTC for swollen battery"
    free = make_answers(marks=now)
    assert [opinion and opinion.level for opinion in (work.hold(free), work.quarantine(free))] == ["ok", "ok"]
    assert (work.hold(make_answers()), work.quarantine(make_answers())) == (None, None)


def test_build(make_answers: Make) -> None:
    """By its receipt; one that cannot be read is none."""
    receipt = json.dumps({"identity": {"name": "compact", "version": "1.3"}, "when": "2026-11-01T10:00:00+00:00"})
    found, none, broken = (work.build(make_answers(receipt=text)) for text in (receipt, "", "{"))
    assert found is not None
    assert found.finding == "build compact 1.3 deployed 2026-11-01T10:00:00+00:00"
    assert none == broken
    assert none is not None
    assert none.finding == "no build deployed"
    assert work.build(make_answers()) is None


def test_a_handset_that_was_not_given_back(make_answers: Make) -> None:
    """Only when nobody holds it: whoever does will give it back."""
    holder = "HELD\n" + json.dumps({"who": "jin@laptop", "why": "smoke", "since_wall_s": 1, "counter": 3})
    opinion = work.given_back(make_answers(left="left", holder=""))
    assert opinion is not None
    assert opinion.level == "warning"
    assert work.given_back(make_answers(left="left", holder=holder)) is None
    assert work.given_back(make_answers(left="", holder="")) is None
