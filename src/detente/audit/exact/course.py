"""When each measure of a road map starts, comes into force and is replaced."""

from __future__ import annotations

from collections.abc import Mapping

from detente.audit.exact.terms import NEVER, Terms


class Course:
    """The dates of one road map, by index of measure.

    ``start`` and ``finish`` (start plus work; past the horizon possible) are ``NEVER`` for what is absent; ``force``
    is the period from which a measure is in force: -1 if done, ``NEVER`` if absent or past the horizon.
    """

    def __init__(self, terms: Terms, starts: Mapping[str, int]) -> None:
        self.terms = terms
        n = len(terms.terms)
        self.start, self.finish, self.force = [NEVER] * n, [NEVER] * n, [NEVER] * n
        for k, term in enumerate(terms.terms):
            if term.done:
                self.force[k] = -1
            elif term.name in starts:
                self.start[k] = starts[term.name]
                self.finish[k] = self.start[k] + term.takes
                if self.finish[k] < terms.T:
                    self.force[k] = self.finish[k]
        for m in terms.milestones:
            self.force[m] = max(self.force[x] for x in terms.terms[m].members)
        self.heir = [self._heir(k) for k in range(n)]
        self.gone = [self.force[h] if h >= 0 else NEVER for h in self.heir]

    def _heir(self, k: int) -> int:
        """The measure that replaces ``k`` first on this road map, or -1."""
        heirs = [h for h in self.terms.successors[k] if self.force[h] < NEVER]
        return min(heirs, key=lambda h: (self.force[h], h)) if heirs else -1

    def standing(self, k: int, stop: int) -> int:
        """What stands for ``k`` once its owner stops in ``stop``: the last in force along its chain of replacements."""
        while self.gone[k] < stop:
            k = self.heir[k]
        return k

    def broken(self) -> bool:
        """Whether work ends after the horizon, or a measure is replaced before it is in force, or twice."""
        late = any(self.start[k] < NEVER <= self.force[k] for k in range(len(self.start)))
        heirs = [[h for h in hs if self.force[h] < NEVER] for hs in self.terms.successors]
        return late or any(len(hs) > 1 or any(self.force[h] < self.force[k] for h in hs) for k, hs in enumerate(heirs))

    def owners(self) -> set[int]:
        """Parties with a measure on the road map or done: those that are no bystanders."""
        return {
            term.owner
            for k, term in enumerate(self.terms.terms)
            if term.owner >= 0 and (term.done or self.start[k] < NEVER)
        }
