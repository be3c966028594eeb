"""What became of many attempts at a few handsets, and what it says of their leases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from lease_worker import Plan, Site, Word


@dataclass
class Story:
    """What came of one attempt."""

    plan: Plan
    words: list[Word] = field(default_factory=list)
    struck_s: float | None = None
    """When its fault befell it."""
    held_then: bool = False

    def at(self, what: str) -> float | None:
        return next((word.at_s for word in self.words if word.what == what), None)

    @property
    def held(self) -> Word | None:
        return next((word for word in self.words if word.what == "held"), None)

    @property
    def over(self) -> bool:
        return self.outcome != "killed"

    @property
    def outcome(self) -> str:
        ends = [word.what for word in self.words if word.what in ("released", "lost", "refused")]
        return ends[-1] if ends else "killed"


def judged(stories: Sequence[Story], site: Site) -> dict[str, Any]:
    """What holds of all that the processes and their witnesses told."""
    by_number = {story.plan.number: story for story in stories}
    refused = [story for story in stories if story.outcome == "refused" and story.struck_s is None]
    found = [(story, word.told) for story in stories for word in story.words if word.what == "found"]
    alive = [told for _, told in found if by_number[int(told)].struck_s is None]
    claims = [line.split() for line in site.claims.read_text().splitlines()]
    handsets = sorted({story.plan.target.name for story in stories})
    granted = {name: _granted(stories, name) for name in handsets}
    numbers = {name: [story.held.counter for story in granted[name] if story.held] for name in handsets}
    places = {name: [story.held.place for story in granted[name] if story.held] for name in handsets}
    last_claims = {number: float(at_s) for at_s, _, number in claims}
    overrun = [_overrun(granted[name], last_claims) for name in handsets]
    return {
        "granted": sum(map(len, granted.values())),
        "lost_noticed": sum(story.outcome == "lost" for story in stories),
        "taken_over": sum(lived for lived, _ in overrun),
        "claims": len(claims),
        "two_holders": sum(_interleaved(claims, name) for name in handsets)
        + len(alive)
        + sum(stale for _, stale in overrun),
        "numbers_twice_or_back": sum(_backwards(numbers[name]) for name in handsets),
        "overtaken": sum(_backwards(places[name]) for name in handsets),
        "refused_without_fault": len(refused),
        "lost_without_fault": sum(story.outcome == "lost" and story.struck_s is None for story in stories),
        "why": [word.told for story in refused for word in story.words if word.told][:5],
    }


def _granted(stories: Sequence[Story], name: str) -> list[Story]:
    """Who has had a handset, in the order of time."""
    held = [(story.at("held"), story) for story in stories if story.plan.target.name == name]
    return [story for at_s, story in sorted((one for one in held if one[0] is not None), key=lambda one: one[0] or 0)]


def _overrun(granted: Sequence[Story], last_claims: Mapping[str, float]) -> tuple[int, int]:
    """How many still lived when the next had the handset; and how many of them claimed it all the same."""
    lived = stale = 0
    for story, following in pairwise(granted):
        began_s, ended_s = following.at("held") or 0.0, story.at("lost") or 0.0
        lived += began_s < ended_s
        stale += last_claims.get(str(story.plan.number), 0.0) > began_s
    return lived, stale


def _interleaved(claims: Sequence[Sequence[str]], name: str) -> int:
    """How often one claimed a handset that another had claimed since its own last claim."""
    ordered = sorted((float(at_s), number) for at_s, handset, number in claims if handset == name)
    seen: set[str] = set()
    times = 0
    for (_, before), (_, number) in pairwise([(0.0, ""), *ordered]):
        if number != before:
            times += number in seen
            seen.add(number)
    return times


def _backwards(numbers: Sequence[int]) -> int:
    return sum(after <= before for before, after in pairwise(numbers))


@dataclass(frozen=True, slots=True)
class Wait:
    """From a holder's fault to the next lease, or from when that one came; `frozen` had their turns in between."""

    seconds: float
    frozen: int


def stuck(stories: Sequence[Story], ended: Mapping[int, Sequence[float]]) -> dict[str, list[float]]:
    """Seconds from a fault of a holder until the handset was free, by the kind of fault; `ended` by its witness."""
    found: dict[str, list[float]] = {}
    for story in stories:
        if story.struck_s is not None and story.held_then and story.outcome != "released":
            ends = ended.get(story.plan.number, (math.inf,))  # infinite where its witness has seen no end
            after = [at_s - story.struck_s for at_s in ends if at_s > story.struck_s]
            found.setdefault(story.plan.fault, []).append(min(after, default=0.0))  # it had just ended
    return found


def waited(stories: Sequence[Story]) -> dict[str, list[Wait]]:
    """What a fault of a holder cost who came next, by the kind of fault."""
    found: dict[str, list[Wait]] = {}
    for name in {story.plan.target.name for story in stories}:
        granted = _granted(stories, name)
        for story, following in pairwise(granted):
            if story.struck_s is None or not story.held_then or story.outcome == "released":
                continue
            came_s, got_s = following.at("arrives"), following.at("held")
            assert came_s is not None
            assert got_s is not None
            since_s = max(story.struck_s, came_s)
            wait = Wait(got_s - since_s, _frozen(stories, name, since_s, got_s))
            found.setdefault(story.plan.fault, []).append(wait)
    return found


def _frozen(stories: Sequence[Story], name: str, since_s: float, until_s: float) -> int:
    """How many waiters of a handset were frozen at some time of these."""
    return sum(
        story.plan.target.name == name
        and story.struck_s is not None
        and not story.held_then
        and story.plan.fault == "freeze"
        and story.struck_s < until_s
        and story.struck_s + story.plan.freeze_s > since_s
        for story in stories
    )


def late(waits: Mapping[str, Sequence[Wait]], heartbeat_s: float, turn_s: float) -> int:
    """How many waited for longer than a heartbeat and the turns of those that were frozen."""
    return sum(wait.seconds > heartbeat_s + wait.frozen * turn_s for found in waits.values() for wait in found)


def quantile(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(share * len(values)))], 3) if values else 0.0
