"""Proves the least makespan of a small job shop: branch and bound over active schedules.

Giffler & Thompson (1960): some optimal schedule is active, and every active schedule comes up if at each step
one takes the unscheduled operation that could finish first, and branches over the operations on its machine
that could start before that. A branch is cut when some machine's earliest head, work left and least tail
together cannot beat the best makespan known.
"""

from __future__ import annotations

from collections.abc import Iterator

Jobs = list[list[tuple[int, int]]]


class JobShop:
    """Finds a schedule that finishes before `limit`, or proves that there is none."""

    def __init__(self, jobs: Jobs, limit: int) -> None:
        self.jobs, self.limit = jobs, limit
        self.tails = [[sum(duration for _, duration in job[step + 1 :]) for step in range(len(job))] for job in jobs]
        self.best: list[list[int]] | None = None
        self.nodes = 0

    def solve(self) -> list[list[int]] | None:
        """Starts per job and operation of a best schedule below the limit; None if there is none."""
        machines = {machine for job in self.jobs for machine, _ in job}
        self._branch([0] * len(self.jobs), [0] * len(self.jobs), dict.fromkeys(machines, 0), [])
        return self.best

    def _branch(self, steps: list[int], ready: list[int], free: dict[int, int], order: list[tuple[int, int]]) -> None:
        self.nodes += 1
        open_jobs = [job for job, step in enumerate(steps) if step < len(self.jobs[job])]
        if not open_jobs:
            self._keep(order)
            return
        if self._bound(steps, ready, free) >= self.limit:
            return
        for job, start in self._choices(open_jobs, steps, ready, free):
            machine, duration = self.jobs[job][steps[job]]
            old = ready[job], free[machine]
            ready[job] = free[machine] = start + duration
            steps[job] += 1
            self._branch(steps, ready, free, [*order, (job, start)])
            steps[job] -= 1
            ready[job], free[machine] = old

    def _choices(
        self, open_jobs: list[int], steps: list[int], ready: list[int], free: dict[int, int]
    ) -> Iterator[tuple[int, int]]:
        """The conflict set, the job with the most work left first."""
        starts = {job: max(ready[job], free[self.jobs[job][steps[job]][0]]) for job in open_jobs}
        ends = {job: starts[job] + self.jobs[job][steps[job]][1] for job in open_jobs}
        first = min(open_jobs, key=lambda job: ends[job])
        machine = self.jobs[first][steps[first]][0]
        rivals = [job for job in open_jobs if self.jobs[job][steps[job]][0] == machine and starts[job] < ends[first]]
        rivals.sort(key=lambda job: -self.tails[job][steps[job]])
        yield from ((job, starts[job]) for job in rivals)

    def _bound(self, steps: list[int], ready: list[int], free: dict[int, int]) -> int:
        """The largest over machines of the preemptive bound of what is left on it."""
        left: dict[int, list[tuple[int, int, int]]] = {}
        bound = max(ready)
        for job, step in enumerate(steps):
            head = ready[job]
            for later in range(step, len(self.jobs[job])):
                machine, duration = self.jobs[job][later]
                head = max(head, free[machine])
                left.setdefault(machine, []).append((head, duration, self.tails[job][later]))
                head += duration
        return max([bound, *(_preemptive(rows) for rows in left.values())])

    def _keep(self, order: list[tuple[int, int]]) -> None:
        starts: list[list[int]] = [[] for _ in self.jobs]
        for job, start in order:
            starts[job].append(start)
        end = makespan(self.jobs, starts)
        if end < self.limit:
            self.limit, self.best = end, starts


def makespan(jobs: Jobs, starts: list[list[int]]) -> int:
    """The last end of an operation."""
    return max(row[-1] + job[-1][1] for job, row in zip(jobs, starts, strict=True))


def _preemptive(rows: list[tuple[int, int, int]]) -> int:
    """Jackson's bound: one machine, heads, durations, tails; the longest tail goes first, interruptible."""
    waiting = sorted(rows)
    at_hand: list[list[int]] = []
    now, bound, index = 0, 0, 0
    while index < len(waiting) or at_hand:
        if not at_hand:
            now = max(now, waiting[index][0])
        while index < len(waiting) and waiting[index][0] <= now:
            at_hand.append([waiting[index][2], waiting[index][1]])
            index += 1
        at_hand.sort()
        upcoming = waiting[index][0] if index < len(waiting) else None
        tail, work = at_hand[-1]
        step = work if upcoming is None else min(work, upcoming - now)
        now += step
        if step == work:
            at_hand.pop()
            bound = max(bound, now + tail)
        else:
            at_hand[-1][1] -= step
    return bound
