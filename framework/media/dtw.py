"""Dynamic time warping of one utterance against many templates at once.

The classic symmetric form (Sakoe and Chiba 1978, P = 0): a diagonal step costs twice its distance, the total is divided
by the sum of both lengths, and the path stays in a band around the diagonal. Cells of one anti-diagonal do not
depend on each other, so each is one step of numpy over all templates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from framework.media.features import Frames

BAND = 0.2
"""How far a path may leave the diagonal, as a share of the length."""

Cells = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Alignments:
    """Best paths of a query of N frames through T templates.

    `distances` has the shape (T,), mean local distance along each path, infinite where the band has none.
    `costs` and `totals` have the shape (diagonal, T, N): cell [k, t, n] is query frame n at template frame k - n.
    """

    distances: npt.NDArray[np.float64]
    costs: Cells
    totals: Cells
    lengths: tuple[int, ...]

    def local_costs(self, template: int) -> npt.NDArray[np.float64]:
        """Mean local distance of each query frame along the path of one template, (N,)."""
        costs, totals = self.costs[:, template], self.totals[:, template]
        frame = totals.shape[1] - 1
        diagonal = frame + self.lengths[template] - 1
        sums, counts = np.zeros(frame + 1), np.zeros(frame + 1)
        while True:
            cost = costs[diagonal, frame]
            sums[frame] += cost
            counts[frame] += 1
            if diagonal == 0:
                return sums / counts
            diagonal, frame = _step_back(totals, diagonal, frame, cost)


def align(query: Frames, templates: Sequence[Frames], band: float = BAND) -> Alignments:
    """Warp `query` (N, dimensions) onto each template (M, dimensions)."""
    costs = _skewed_costs(query, templates, band)
    totals = _accumulated(costs)
    frames, lengths = len(query), tuple(map(len, templates))
    ends = np.array([frames + length - 2 for length in lengths])
    distances = totals[ends, np.arange(len(lengths)), frames - 1] / (frames + np.array(lengths))
    return Alignments(distances.astype(np.float64), costs, totals, lengths)


def _skewed_costs(query: Frames, templates: Sequence[Frames], band: float) -> Cells:
    """Euclidean distances of all pairs of frames, by anti-diagonal; infinite outside of the band."""
    frames, longest = len(query), max(map(len, templates))
    costs = np.full((frames + longest - 1, len(templates), frames), np.inf, np.float32)
    distances = _distances(query.astype(np.float32), np.concatenate(templates).astype(np.float32))
    position = np.linspace(0, 1, frames)[:, None]
    start = 0
    for index, template in enumerate(templates):
        length = len(template)
        inside = np.abs(position - np.linspace(0, 1, length)) <= band
        np.copyto(_unskewed(costs, index, length), distances[:, start : start + length], where=inside)
        start += length
    return costs


def _distances(query: Cells, others: Cells) -> Cells:
    """Of every frame of one from every frame of the other, (N, M); one product of matrices for all templates."""
    squares = query @ others.T
    squares *= -2
    squares += np.sum(query * query, axis=1)[:, None]
    squares += np.sum(others * others, axis=1)
    distances: Cells = np.sqrt(np.maximum(squares, 0, out=squares), out=squares)
    return distances


def _unskewed(costs: Cells, index: int, length: int) -> Cells:
    """The costs of one template as a view with the shape (N, M)."""
    diagonal, _, frame = costs.strides
    shape = (costs.shape[2], length)
    return np.lib.stride_tricks.as_strided(costs[:, index], shape, (diagonal + frame, diagonal))


def _accumulated(costs: Cells) -> Cells:
    """Least total cost of a path from the first cell to each."""
    totals = np.full_like(costs, np.inf)
    totals[0] = costs[0] * 2
    for k in range(1, len(costs)):
        best = totals[k - 1] + costs[k]
        np.minimum(best[:, 1:], totals[k - 1, :, :-1] + costs[k, :, 1:], out=best[:, 1:])
        if k > 1:
            np.minimum(best[:, 1:], totals[k - 2, :, :-1] + 2 * costs[k, :, 1:], out=best[:, 1:])
        totals[k] = best
    return totals


def _step_back(totals: Cells, diagonal: int, frame: int, cost: np.float32) -> tuple[int, int]:
    """The cell that the best path came from: along the template, along the query, or along both."""
    along_template = totals[diagonal - 1, frame] + cost
    along_query = totals[diagonal - 1, frame - 1] + cost if frame else np.inf
    along_both = totals[diagonal - 2, frame - 1] + 2 * cost if frame and diagonal > 1 else np.inf
    if along_both <= min(along_template, along_query):
        return diagonal - 2, frame - 1
    return (diagonal - 1, frame) if along_template <= along_query else (diagonal - 1, frame - 1)
