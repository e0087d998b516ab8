"""The judge: does this road map hold, and if not, who leaves, when, how, for how much, and what cures it (model §7)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction

import numpy as np

from detente.audit.cures import with_cures
from detente.audit.exact import TooManyMilestones
from detente.audit.findings.signing import (
    binding,
    broken_clauses,
    clause_results,
    judge_clauses,
    would_not_sign,
)  # fmt: skip
from detente.audit.findings.tempted import tempted
from detente.audit.findings.threats import broken_breakdown, hollow_sticks, unverifiable
from detente.audit.findings.timing import delay_prone, pocketing, power_shift
from detente.audit.findings.votes import loses_support, no_consent, not_ratified, undecided, views
from detente.audit.grounds import grounds
from detente.audit.margins import Limits, Margins
from detente.audit.origin import origin
from detente.audit.structure import check_names, structural
from detente.audit.support import Support
from detente.audit.words import amount, at
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.stakes import Floats, Stakes
from detente.incentives.kept import gains
from detente.incentives.walk import exposure, others, trust_needed
from detente.results.audit import Audit, Finding, LeastMargin, Verdict
from detente.results.provenance import Provenance


def audit(
    case: ResolvedCase,
    road_map: RoadMap,
    *,
    stakes: Stakes | None = None,
    exact: bool = False,
    cures: bool = True,
    keep: Sequence[str] = (),
    limits: Limits | None = None,
    tell: Callable[[str], None] | None = None,
    free_to_leave: Collection[str] = (),
    unsupported: Collection[str] = (),
    unasked: Collection[str] = (),
) -> Audit:
    """Judge a road map.

    ``stakes`` saves work where they are known already. With ``exact`` every margin is worked out in rationals, not only
    those a float cannot decide. ``cures`` False leaves out the search for cures. ``keep`` names clauses (of a position,
    goal or proposal) that bind besides the red lines. What tempts those that are ``free_to_leave`` is told like
    the rest, but the verdict and ``least_counted`` pass it over; so does the verdict what becomes of the factions of
    those that may be ``unsupported``, and votes on the consent of those ``unasked``. ``tell`` hears what is being done.
    """
    limits, tell = limits or Limits(), tell or (lambda text: None)
    check_names(case, road_map)
    must = binding(case, keep)
    margins = Margins(grounds(case, stakes), road_map, limits, frozenset(free_to_leave))
    judged, wrong = judge_clauses(margins), structural(case, road_map)
    left_out: list[str] = []
    tell("seeking breaches that gain")
    temptations, support = tempted(margins), Support(margins)
    deserted = loses_support(support)
    unsigned = [*would_not_sign(margins), *not_ratified(support), *no_consent(support)]
    unclear = undecided(support, list(unsupported), list(unasked))
    remarks = [*broken_clauses(margins, judged, must), *_remarks(margins, left_out)]
    leaving = [f for f in temptations if f.party not in margins.free_to_leave]
    leaving += [f for f in deserted if f.party not in unsupported]
    verdict, reason = _verdict(margins, wrong, leaving, unclear)
    if cures and temptations:
        temptations = with_cures(margins, wrong, temptations, tell)
    tell("working out margins")
    every = _every_exact(margins, left_out) if exact else None
    return _assemble(
        margins, verdict, reason, not unsigned and not unclear, all(judged[c.id][0] for c in must), every,
        findings=(*wrong, *temptations, *deserted, *unsigned, *remarks),
        factions=views(support),
        consents={name: support.consents(name) for name in support.asked},
        clauses=clause_results(judged),
        provenance=provenance(case, limits, keep, left_out),
    )  # fmt: skip


def _remarks(margins: Margins, left_out: list[str]) -> list[Finding]:
    """What neither tempts nor keeps from signing; a note where more milestones hang together than can be tried."""
    found = list(hollow_sticks(margins.grounds.case))
    for find in (unverifiable, broken_breakdown, delay_prone, pocketing, power_shift):
        try:
            found += find(margins)
        except TooManyMilestones as limit:
            left_out.append(f"{find.__name__}: {limit}")
    return found


def provenance(
    case: ResolvedCase, limits: Limits, keep: Sequence[str] = (), left_out: Sequence[str] = ()
) -> Provenance:
    """Where an answer of the judge comes from: its limits, and the clauses it was told to keep."""
    stated: dict[str, object] = {"nodes": limits.nodes, "keep": list(keep)}
    if left_out:
        stated["left_out"] = list(left_out)
    return origin(case, stated)


def _verdict(
    margins: Margins, wrong: Sequence[Finding], leaving: Sequence[Finding], unclear: str
) -> tuple[Verdict, str]:
    """*fails* with a witness, *unknown* with the limit, *holds* with the weakest moment.

    ``leaving``: who is tempted, and whom its factions desert; ``unclear``: a vote that was not decided.
    """
    case = margins.grounds.case
    if wrong:
        return "fails", wrong[0].message
    if leaving:
        worst = max(leaving, key=lambda f: (f.kind == "tempted", f.gain or 0.0))
        return "fails", worst.message
    for i in margins.staying:
        for t in range(len(margins.V)):
            if margins.sign(i, t) is None:
                return "unknown", _unknown(margins, i, t)
    if unclear:
        return "unknown", unclear
    weakest = margins.least()
    if weakest is None:
        return "holds", "No party has anything to do or to undo, so none can leave."
    i, t = weakest
    name, least = case.title(margins.grounds.stakes.parties[i]), amount(margins.value(i, t))
    told = f"Nobody gains by leaving; it is weakest for {name} {at(case, t)}, with a margin of"
    if margins.settled(i, t):
        return "holds", f"{told} {least}."
    return "holds", f"{told} at least {least} (a limit was reached before it was known exactly, but no breach gains)."


def _unknown(margins: Margins, i: int, t: int) -> str:
    case, known = margins.grounds.case, margins.covert(i)
    name = case.title(margins.grounds.stakes.parties[i])
    if margins.crowded(i):
        return (
            f"{name} could leave more milestones alone {at(case, t)} than all combinations can be tried of (10); its "
            f"best way out is not known."
        )
    gap = float(known.upper[t] - margins.V[t, i])
    return (
        f"The search for covert breaches of {name} {at(case, t)} passed its limit of {margins.limits.nodes} nodes; "
        f"none that gains was found, but a gain of up to {amount(gap)} is not excluded."
    )


def _assemble(
    margins: Margins, verdict: Verdict, reason: str, signed: bool, kept: bool,
    exact_margin: Mapping[str, tuple[Fraction | None, ...]] | None, **parts: object,
) -> Audit:  # fmt: skip
    stakes = margins.grounds.stakes
    names = {i: stakes.parties[i] for i in margins.players}
    least, counted = _least(margins), _counted(margins)
    table = np.array([[margins.value(i, t) for i in names] for t in range(len(margins.V))]).reshape(
        len(margins.V), len(names)
    )
    exposed, trust = _trust(margins, table)
    spread = {i: tuple(float(x) for x in margins.V[:, i]) for i in range(len(stakes.parties))}
    return Audit(
        road_map=margins.road_map, verdict=verdict, reason=reason, signed=signed, clauses_kept=kept,
        certified=verdict == "holds" and signed and kept,
        V={stakes.parties[i]: v for i, v in spread.items()},
        W={name: _column(margins.W, i) for i, name in names.items()},
        margin={name: _column(table, n) for n, name in enumerate(names.values())},
        reserve={name: float(r) for name, r in zip(stakes.parties, margins.grounds.reserve, strict=True)},
        least_margin=least,
        best_breach={name: tuple(margins.best(i, t) for t in range(len(margins.V))) for i, name in names.items()},
        vacuous={name: tuple(_nothing_else(margins, i, t) for t in range(len(margins.V))) for i, name in names.items()},
        least_counted=counted,
        exposure={name: _column(exposed, i) for i, name in names.items()},
        trust_needed={name: _column(trust, i) for i, name in names.items()},
        terminal_stake={
            name: terminal_stake(table[:, n], float(stakes.discount[i])) for n, (i, name) in enumerate(names.items())
        },
        bystanders=tuple(p for i, p in enumerate(stakes.parties) if i not in names),
        gains=dict(zip(stakes.parties, gains(margins.grounds.common, margins.completions).tolist(), strict=True)),
        exact_margin=exact_margin,
        **parts,  # type: ignore[arg-type]
    )  # fmt: skip


def _column(array: Floats, i: int) -> tuple[float, ...]:
    return tuple(float(x) for x in array[:, i])


def _nothing_else(margins: Margins, i: int, t: int) -> bool:
    """Whether every breach open to the party changes nothing: cheating always changes something."""
    return bool(margins.vacuous[t, i]) and not any(margins.exact.candidates(i, t))


def _least(margins: Margins) -> LeastMargin | None:
    found = margins.least()
    if found is None:
        return None
    i, t = found
    value, scale = margins.value(i, t), float(margins.grounds.scale[i])
    return LeastMargin(margins.grounds.stakes.parties[i], t, value, value / scale if scale else None)


def _counted(margins: Margins) -> LeastMargin | None:
    found = margins.least_counted()
    if found is None:
        return None
    i, t, value = found
    return LeastMargin(margins.grounds.stakes.parties[i], t, value, value / float(margins.grounds.scale[i]))


def _every_exact(margins: Margins, left_out: list[str]) -> Mapping[str, tuple[Fraction | None, ...]]:
    """Every margin in rationals; None, and a note, where a limit was reached before the best breach was known."""
    cells = {}
    for i in margins.players:
        name = margins.grounds.stakes.parties[i]
        settled = [margins.settled(i, t) for t in range(len(margins.V))]
        cells[name] = tuple(margins.cell(i, t).margin if known else None for t, known in enumerate(settled))
        why = {t: margins.unsettled(i, t) for t, known in enumerate(settled) if not known}
        for reason in dict.fromkeys(why.values()):
            periods = ", ".join(str(t) for t in why if why[t] == reason)
            left_out.append(f"exact margins of {name} in periods {periods}: {reason}")
    return cells


def _trust(margins: Margins, table: Floats) -> tuple[Floats, Floats]:
    """(T+1, P) exposure and trust needed; bystanders neither leave nor are exposed (model §8)."""
    if margins.broken:
        exposed = _exact_exposure(margins)
        return exposed, trust_needed(_spread(margins, table), exposed)
    both = others(margins.grounds.tables, margins.completions, margins.walk)
    outside = [i for i in range(margins.V.shape[1]) if i not in margins.players]
    both.S[:, outside], both.B[:, outside] = np.nan, np.nan
    both.S[:, :, outside], both.B[:, :, outside] = np.nan, np.nan
    exposed, full = exposure(both), _spread(margins, table)
    blur = 4 * margins.grounds.error
    for t, j in np.argwhere((exposed <= blur) & (np.abs(full) <= blur)):
        if j in margins.players:
            exposed[t, j] = _exposure(margins, int(j), int(t))
    return exposed, trust_needed(full, exposed)


def _spread(margins: Margins, table: Floats) -> Floats:
    """(T+1, P) from the columns of those that can breach."""
    full = np.zeros(margins.V.shape)
    full[:, list(margins.players)] = table
    return full


def _exact_exposure(margins: Margins) -> Floats:
    """(T+1, P) exposure of a road map that float tables do not speak of."""
    exposed = np.zeros(margins.V.shape)
    for j in margins.players:
        exposed[:, j] = [_exposure(margins, j, t) for t in range(len(exposed))]
    return exposed


def _exposure(margins: Margins, j: int, t: int) -> float:
    """E_j(t) by rationals."""
    rm = margins.exact
    gaps = [rm.B(j, i, t) - rm.S(j, i, t) for i in margins.players if i != j]
    return max(0.0, float(max(gaps, default=0)))


def terminal_stake(margin: Floats, discount: float) -> tuple[float, float]:
    """(has, needs): what a party loses by leaving after the last period, and the least such loss with which every
    earlier margin, other things equal, would not be negative."""
    T = len(margin) - 1
    has = float(margin[T])
    short = max(float(-margin[t]) / discount ** (T - t) for t in range(T + 1))
    return has, max(0.0, has + short)
