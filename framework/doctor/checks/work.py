"""Who uses the handset, and which build it has."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from framework.doctor.answers import Answers
from framework.doctor.finding import Opinion, ok, warning
from framework.handset.lease import read_holder


def lease(answers: Answers) -> Opinion | None:
    if "holder" not in answers.given:
        return None
    holder = read_holder(answers.text("holder"))
    if holder is None:
        return ok("free")
    since = datetime.fromtimestamp(holder.since_wall_s, UTC).strftime("%Y-%m-%d %H:%M UTC")
    told = f"held by {holder.who} since {since}, for: {holder.why}" if holder.counter else f"held by {holder.who}"
    return warning(told, "wait for it, or take another handset: what is measured beside it counts for nothing")


def build(answers: Answers) -> Opinion | None:
    """By the receipt that a deployment leaves."""
    try:
        receipt = json.loads(answers.text("receipt"))
        return ok(f"build {receipt['identity']['name']} {receipt['identity']['version']} deployed {receipt['when']}")
    except (ValueError, KeyError, TypeError):
        return ok("no build deployed") if "receipt" in answers.given else None
