"""What each uncertain number does by itself and through others: total indices, from worlds drawn for the purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from detente.case.draws import Draws
from detente.results.drivers import Driver, Influence
from detente.worlds.inputs import design_of
from detente.worlds.judged import judged_of
from detente.worlds.matters import influences
from detente.worlds.slip import Agreed

MOST, ROWS, REPLICATES = 6, 128, 8
"""Numbers looked at one by one, rows of a block and replicates of the design: some 8,000 worlds in all."""


def totals(
    draws: Draws,
    plan: Agreed,
    found: Sequence[Driver],
    words: Mapping[str, tuple[str, str]],
    report: Callable[[str], None],
    over: Callable[[], bool] = lambda: False,
) -> tuple[Influence, ...]:
    """First-order and total indices of whether nobody leaves, for the strongest of ``found`` and for all the rest.

    Nothing if time is ``over`` before the end.
    """
    asked = design_of(draws, found, words, most=MOST, n=ROWS, replicates=REPLICATES)
    outcome = np.empty((asked.replicates, len(asked.inputs) + 2, asked.n))
    for replicate in range(asked.replicates):
        blocks = asked.rows(replicate)
        for n, block in enumerate(blocks):
            if over():
                return ()
            done = (replicate * len(blocks) + n) * asked.n
            report(f"{done:,} of {asked.worlds:,} worlds for total indices")
            outcome[replicate, n] = judged_of(draws, plan, draws.at(block), len(block)).holds
    return influences(asked, outcome)
