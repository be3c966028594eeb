from __future__ import annotations

import pytest

from framework.plugin.heat import Heat


def test_a_warm_handset_cools_down() -> None:
    """It is ready later, the lower the limit; time goes on; ten times as fast, it takes a tenth of the host's time."""
    now = [100.0]
    heat, fast = (Heat(lambda _, scale=scale: scale, lambda: now[0]) for scale in (1.0, 10.0))  # type: ignore[misc]
    for each in (heat, fast):
        each.noted("a", 41.0)
    first = heat.cool_in_s("a", 36.0)
    assert 30 < first < heat.cool_in_s("a", 32.0) < 600
    assert fast.cool_in_s("a", 36.0) == pytest.approx(first / 10)
    now[0] += 20
    assert heat.cool_in_s("a", 36.0) == pytest.approx(first - 20)
    now[0] += first
    assert heat.cool_in_s("a", 36.0) == 0


def test_what_is_cool_or_unknown_need_not_wait() -> None:
    """Nor does anything where no test asks for a cool handset."""
    heat = Heat(lambda _: 1.0)
    heat.noted("a", 30.0)
    assert (heat.cool_in_s("a", 36.0), heat.cool_in_s("b", 36.0), heat.cool_in_s("a", None)) == (0, 0, 0)
