"""The gap between two texts: dates, orders, worth to each side, and the crux, what of both cannot all stand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from detente.audit.judge import audit
from detente.bargain.asks import subjects
from detente.bargain.orders import conflicts
from detente.bargain.sides import sides
from detente.bargain.worths import against, musts, readings
from detente.case.load import Case
from detente.plan.complete import Completer
from detente.plan.conflict import Clash, known, least, minimal
from detente.plan.inquiry import Inquiry, Reply
from detente.plan.stage import Budget
from detente.plan.stated import conflict
from detente.plan.steps import Steps
from detente.results.audit import Audit
from detente.results.conflict import Conflict
from detente.results.gap import Against, Gap, Reading

Tell = Callable[[str], None]

SHARES = {"whether": 0.35, "crux": 0.45, "smallest": 0.3, "against": 0.3, "readings": 0.75, "further": 1.0}
"""Parts of what is left of the limits for each step, in this order."""

TOGETHER: dict[str, Literal["possible", "impossible", "unknown"]] = {
    "plan": "possible", "none": "impossible", "unknown": "unknown",
}  # fmt: skip
"""Whether both texts can be kept, by what the planner replies."""

MOST_FURTHER = 3
"""Further conflicts that are looked for."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a gap."""

    between: tuple[str, ...] = ()
    """Two positions or proposals; none: the latest of the two principals."""
    margin: float = 0.001
    time_limit: float | None = 60.0
    work_limit: int | None = None


def gap(case: Case, asked: Asked, tell: Tell | None = None, stop: threading.Event | None = None) -> Gap:
    """Measure; an interrupt from the keyboard ends it with what is known by then."""
    return _Measuring(case, asked, tell or (lambda text: None), stop or threading.Event()).answer()


class _Measuring:
    def __init__(self, case: Case, asked: Asked, tell: Tell, stop: threading.Event) -> None:
        self.case, self.asked, self.tell, self.stop = case, asked, tell, stop
        self.steps = Steps(SHARES, asked.time_limit, asked.work_limit, stop)
        self.sides = sides(case, asked.between)
        names = tuple(s.name for s in self.sides)
        self.inquiry = Inquiry(case.resolved, names, margin=asked.margin, tell=tell)

    def answer(self) -> Gap:
        """All of it, the crux first, since it is what takes longest."""
        case, inquiry = self.case.resolved, self.inquiry
        one, other = ([c for c in case.clauses if c.of == s.name and c.kind == s.kind] for s in self.sides)
        asked = subjects(case, one, other)
        self.tell("can both texts be kept?")
        reply = self.steps.take("whether", lambda part: inquiry.ask(inquiry.every, part)) or Reply("unknown")
        crux = self._crux() if reply.outcome == "none" else None
        texts = [Completer(case, musts(case, s), stop=self.stop) for s in self.sides]
        self.tell("what does either text rule out of the other?")
        ruled_out = self.steps.take("against", lambda part: self._against(texts, part)) or ()
        read = self._readings(texts)
        further = self._further(crux) if crux is not None else ()
        told = None if crux is None else conflict(self.case, inquiry, crux)
        open_ = reply.outcome == "unknown" or any(a.standing == "unknown" for a in ruled_out)
        open_ = open_ or any(r.row.note.startswith(("not known", "a better one")) for r in read)
        open_ = open_ or any(not (c.minimal and c.smallest) for c in (told,) if c is not None)
        return Gap(
            self.sides, self._parties(), asked, conflicts(case, one, other, asked), ruled_out, read,
            TOGETHER[reply.outcome], self._together(reply),
            told, further, self.asked.margin, self.steps.origin(inquiry, open_),
        )  # fmt: skip

    def _parties(self) -> tuple[str, ...]:
        """The two sides, if they are different parties; else the principals."""
        own = tuple(dict.fromkeys(s.party for s in self.sides if s.party in self.case.resolved.parties))
        return own if len(own) == 2 else self.case.resolved.principals

    # ---------------------------------------------------------------- the crux

    def _crux(self) -> Clash:
        inquiry = self.inquiry
        clash = self.steps.take("crux", lambda part: minimal(inquiry, inquiry.every, part)) or known(inquiry)
        return self.steps.take("smallest", lambda part: least(inquiry, clash, part)) or clash

    def _further(self, crux: Clash) -> tuple[Conflict, ...]:
        """Conflicts that have nothing in common with the crux, nor with each other."""
        found: list[Conflict] = []
        rest = self.inquiry.every - crux.members
        while len(found) < MOST_FURTHER and not self.steps.budget.spent():
            self.tell(f"what else cannot all stand? {len(found)} more found")
            clash = self.steps.take("further", lambda part, rest=rest: self._within(rest, part))  # type: ignore[misc]
            if clash is None:
                break
            found.append(conflict(self.case, self.inquiry, clash))
            rest -= clash.members
        return tuple(found)

    def _within(self, rest: frozenset[str], part: Budget) -> Clash | None:
        if self.inquiry.ask(rest, part.part(0.4)).outcome != "none":
            return None
        return minimal(self.inquiry, rest, part)

    def _together(self, reply: Reply) -> Audit | None:
        """The road map that keeps both texts, judged."""
        if reply.road_map is None:
            return None
        keep = tuple(s.name for s in self.sides)
        return audit(self.case.resolved, reply.road_map, stakes=self.inquiry.grounds.stakes, cures=False, keep=keep)

    # ---------------------------------------------------------------- the texts

    def _against(self, texts: Sequence[Completer], part: Budget) -> tuple[Against, ...]:
        for text in texts:
            text.until(part.deadline)
        return against(self.case.resolved, self.sides, texts)

    def _readings(self, texts: Sequence[Completer]) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for n, (side, text) in enumerate(zip(self.sides, texts, strict=True)):
            share = SHARES["readings"] / (2 - n)
            part = self.steps.budget.part(share)
            text.until(part.part(0.5).deadline)
            try:
                self.tell(f"reading {self.case.resolved.title(side.name)}")
                found.extend(readings(self.inquiry, side, text, part))
            except KeyboardInterrupt:
                self.stop.set()
            self.steps.budget.charge(part)
        return tuple(found)
