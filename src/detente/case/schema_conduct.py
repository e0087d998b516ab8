"""How things go wrong without anybody meaning it: lateness, alarms, incidents, and talks after a break."""

from __future__ import annotations

from detente.case.figures import Chance, Part, Share, Span


class Conduct(Part):
    """What runs of a road map (simulate) go by; where it is silent, the usual rates (docs: see what may happen)."""

    punctual: Chance | None = None
    """Chance a period that a step that is due is begun; else its party puts it off, until its grace has run out, and
    what waits for it with it. Who gains by delay lets its grace run out."""
    false_alarm: Chance | None = None
    """Chance a period that inspection of one measure raises an alarm although nothing is wrong."""
    clarification: Span | None = None
    """How long it takes to clear or confirm an alarm; meanwhile the road map stands still."""
    wrongly_confirmed: Share | None = None
    """Chance that a false alarm is confirmed."""
    wrongly_cleared: Share | None = None
    """Chance that a true one is cleared."""
    incident: Chance | None = None
    """Chance a period of an incident: a launch, an exercise, a frozen account."""
    stopped_by_incident: Share | None = None
    """Chance that an incident stops the process."""
    renewed_talks: Chance | None = None
    """Chance a period that after a break talks begin anew."""
    trust: bool = True
    """Whether parties go on only while trust earned covers trust needed."""
