"""Dynamic time warping, against its textbook form."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framework.media.dtw import align

Frames = npt.NDArray[np.float64]

BAND = 0.213
"""No ratio of short lengths lies on its edge, where rounding would decide."""


def textbook(query: Frames, template: Frames, band: float) -> tuple[float, list[tuple[int, int]]]:
    """Sakoe and Chiba's recurrence cell by cell: the normalised distance and the cells of a best path."""
    rows, columns = len(query), len(template)
    totals = np.full((rows, columns), np.inf)
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    for i in range(rows):
        for j in range(columns):
            if abs(i / max(1, rows - 1) - j / max(1, columns - 1)) > band:
                continue
            cost = float(np.linalg.norm(query[i] - template[j]))
            ways = [(totals[i - 1, j - 1] + 2 * cost, (i - 1, j - 1))] if i and j else []
            ways += [(totals[i - 1, j] + cost, (i - 1, j))] if i else []
            ways += [(totals[i, j - 1] + cost, (i, j - 1))] if j else []
            totals[i, j], before = min(ways, default=(2 * cost, (-1, -1)))
            came_from[i, j] = before
    path, cell = [], (rows - 1, columns - 1)
    while cell in came_from:
        path.append(cell)
        cell = came_from[cell]
    return totals[-1, -1] / (rows + columns), path


def frames(count: int, seed: int) -> Frames:
    return np.random.default_rng(seed).normal(size=(count, 3))


@given(st.integers(1, 12), st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_many_templates_at_once_are_the_textbook_one_by_one(length: int, lengths: list[int], seed: int) -> None:
    """Distances, whatever the lengths, infinite where the band leaves no path."""
    query = frames(length, seed)
    templates = [frames(count, seed + 1 + index) for index, count in enumerate(lengths)]
    for band in (BAND, 1.0):
        expected = [textbook(query, template, band)[0] for template in templates]
        assert align(query, templates, band).distances == pytest.approx(expected, rel=1e-4, abs=1e-3)


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_local_costs_are_those_of_the_best_path(rows: int, columns: int, seed: int) -> None:
    """The mean distance along the path at each frame of the query."""
    query, template = frames(rows, seed), frames(columns, seed + 1)
    _, path = textbook(query, template, 1.0)
    expected = [np.mean([np.linalg.norm(query[i] - template[j]) for i, j in path if i == row]) for row in range(rows)]
    assert align(query, [frames(4, 5), template], 1.0).local_costs(1) == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_the_same_word_said_slowly_is_the_same_word() -> None:
    """Every frame twice costs nothing."""
    word = frames(8, 1)
    slow, other = np.repeat(word, 2, axis=0), frames(16, 2)
    distances = align(word, [slow, other]).distances
    assert distances[0] == pytest.approx(0, abs=1e-3)
    assert distances[1] > 0.5
