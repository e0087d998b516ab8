"""Whether clauses are kept in many worlds, by the dates that come about in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from detente.case.clauses import Dates, Term, ValueAtLeast, kept
from detente.case.resolved import ResolvedCase
from detente.case.stakes import NEVER, Bools, Floats, Ints, Stakes


class _Came(Dates):
    """When what was done came into force; the rest never did."""

    def __init__(self, case: ResolvedCase, force: Mapping[str, int], starts: Mapping[str, int]) -> None:
        super().__init__(case, starts)
        self._force = force

    def force(self, k: str) -> int:
        m = self.case.measures[k]
        if m.members is not None or m.done or not self.present(k):
            return super().force(k)
        return self._force[k]


def keeping(
    case: ResolvedCase, st: Stakes, terms: Sequence[Term], starts: Ints, c: Ints, value: Floats
) -> Bools:  # fmt: skip
    """(n,) whether clauses are kept by steps with such ``starts`` that come into force in ``c`` (both (n, N)).

    ``value`` (n, P): what the road map is worth to each party.
    """
    found = np.ones(len(c), dtype=np.bool_)
    for t in (t for t in terms if isinstance(t, ValueAtLeast)):
        found &= value[:, st.party_index[t.party]] >= float(t.value)
    plain = [t for t in terms if not isinstance(t, ValueAtLeast)]
    if not plain:
        return found
    names, N = st.measures, len(st.measures)
    rows, which = np.unique(np.concatenate([c, starts], axis=1), axis=0, return_inverse=True)
    kept_by = np.empty(len(rows), dtype=np.bool_)
    for n, row in enumerate(rows.tolist()):
        force = {k: t for k, t in zip(names, row[:N], strict=True) if t < NEVER}
        dates = _Came(case, force, {k: t for k, t in zip(names, row[N:], strict=True) if t < NEVER})
        kept_by[n] = all(kept(t, dates)[0] for t in plain)
    return found & kept_by[which.ravel()]
