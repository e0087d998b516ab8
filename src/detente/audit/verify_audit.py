"""An audit as written against the judge's own."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from detente import __version__
from detente.audit.exact import Cheat, Exact, ExactRoadMap
from detente.audit.judge import audit
from detente.audit.verify_compare import Check, differences, shown
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.road_maps import load_road_map
from detente.errors import Diagnostic, InputError
from detente.results.audit import Audit
from detente.results.verification import Disagreement

SEEN = (
    "verdict", "signed", "clauses_kept", "certified", "V", "W", "margin", "reserve", "gains", "least_margin",
    "least_counted", "vacuous", "exposure", "trust_needed", "terminal_stake", "bystanders", "clauses",
)  # fmt: skip
"""Parts of an audit that are compared number by number; best breaches, findings and exact margins come on top."""

VOTES = ("factions", "consents")
"""Parts that only an audit of a case with factions, or of measures that need consents, has."""

ABOUT = (
    "format",
    "case_hash",
    "program",
    "seed",
    "run",
    "starts",
    "name",
    "reason",
    "best_breach",
    "findings",
    "exact",
)
"""Its other keys."""


def check_audit(answer: Mapping[str, Any], check: Check) -> Audit:
    """Compare everything a written audit says; the true audit."""
    findings = answer.get("findings")
    cures = any(isinstance(f, Mapping) and f.get("cure") for f in findings or ())
    true = _judged(answer, check.case, cures=cures)
    told = true.to_dict()
    for key in SEEN:
        check.same(key, answer.get(key), told[key])
    for key in VOTES:
        check.same(key, answer.get(key), told.get(key))
    _breaches(answer, true, check)
    worded = answer.get("program") == f"detente {__version__}"
    if worded:
        check.same("reason", answer.get("reason"), true.reason)
    _findings(findings, told["findings"], check, worded=worded)
    check.checked += [
        "starts",
        *SEEN,
        *(key for key in VOTES if key in told),
        "best_breach",
        "findings",
        *(["reason"] if worded else []),
    ]
    _exact(answer, told["exact"], check)
    _left_out(answer, true, check, cures=cures, worded=worded)
    return true


def _left_out(answer: Mapping[str, Any], true: Audit, check: Check, *, cures: bool, worded: bool) -> None:
    if not worded:
        check.unchecked.append(
            f"wording of reason and findings: written by {answer.get('program')}, this is detente {__version__}"
        )
    if not cures and true.finding("tempted"):
        check.unchecked.append("cures: none is written down, so none was sought")
    others = [key for key in answer if key not in (*SEEN, *VOTES, *ABOUT)]
    if others:
        check.unchecked.append(f"not part of an audit: {', '.join(others)}")


def _judged(answer: Mapping[str, Any], case: ResolvedCase, *, cures: bool) -> Audit:
    starts = answer.get("starts")
    if not isinstance(starts, Mapping):
        raise InputError([
            Diagnostic("DET705", "the answer holds no road map", why="there is nothing to judge",
                       fix='"starts" gives the start period of each measure')
        ])  # fmt: skip
    told = {"format": "detente/road-map/1", "starts": dict(starts), "name": str(answer.get("name") or "")}
    road_map: RoadMap = load_road_map(told, case)
    return audit(case, road_map, exact=True, cures=cures, keep=clauses_kept_by(answer))


def clauses_kept_by(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The clauses that were to be kept besides the red lines, as the answer says."""
    run = answer.get("run")
    limits = run.get("limits") if isinstance(run, Mapping) else None
    keep = limits.get("keep") if isinstance(limits, Mapping) else None
    return tuple(str(name) for name in keep) if isinstance(keep, list | tuple) else ()


def _exact(answer: Mapping[str, Any], true: Mapping[str, Any], check: Check) -> None:
    """Exact fractions, compared as fractions."""
    written = answer.get("exact")
    if written is None:
        return
    check.checked.append("exact")
    if not isinstance(written, Mapping):
        check.differs("exact", written, "margins as fractions")
        return

    def read(block: Mapping[str, Any]) -> dict[str, list[Any]]:
        margins = block.get("margin")
        return {i: [_fraction(x) for x in ms] for i, ms in margins.items()} if isinstance(margins, Mapping) else {}

    check.same("exact.margin", read(written), read(true))


def _fraction(x: Any) -> Any:
    try:
        return str(Fraction(x))
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return x


def _breaches(answer: Mapping[str, Any], true: Audit, check: Check) -> None:
    """Best breaches: the same, or others that are exactly as good."""
    written = answer.get("best_breach")
    if not isinstance(written, Mapping) or set(written) != set(true.best_breach):
        check.same("best_breach", written, {i: [b.to_dict() for b in bs] for i, bs in true.best_breach.items()})
        return
    rm = Exact(check.case).road_map(true.road_map.starts)
    for i, breaches in true.best_breach.items():
        if not isinstance(written[i], list) or len(written[i]) != len(breaches):
            check.differs(f"best_breach.{i}", "another number of periods", str(len(breaches)))
            continue
        for t, breach in enumerate(breaches):
            if written[i][t] != breach.to_dict() and not _as_good(rm, true, i, t, written[i][t]):
                check.differs(f"best_breach.{i}[{t}]", written[i][t], shown(breach.to_dict()))


def _as_good(rm: ExactRoadMap, true: Audit, party: str, t: int, written: Any) -> bool:
    """Whether a breach that was written down yields as much as the best."""
    i, at = rm.terms.party_index[party], rm.terms.measure_index
    if true.exact_margin is None or not isinstance(written, Mapping):
        return False
    margin = true.exact_margin[party][t]
    if margin is None:
        return False
    best = rm.V(i, t) - margin
    if written.get("how") == "walk":
        return rm.W(i, t) == best
    try:
        fakes, undoes = (frozenset(at[k] for k in written[key]) for key in ("fakes", "undoes"))
    except (KeyError, TypeError):
        return False
    may_fake, may_undo = rm.candidates(i, t)
    allowed = fakes <= set(may_fake) and undoes <= set(may_undo) and bool(fakes | undoes) and written.get("from") == t
    return allowed and rm.C(i, Cheat(fakes, undoes, t)) == best


def _findings(written: Any, found: list[dict[str, Any]], check: Check, *, worded: bool) -> None:
    """Findings in any order; their wording too if ``worded``."""

    def mark(f: Any) -> tuple[str, ...]:
        if not isinstance(f, Mapping):
            return ()
        measures = f.get("measures")
        names = ", ".join(str(k) for k in measures) if isinstance(measures, list | tuple) else str(measures)
        return (*(str(f.get(key)) for key in ("kind", "party", "period")), names)

    mine: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for f in found:
        mine.setdefault(mark(f), []).append(f)
    for f in written if isinstance(written, list) else []:
        same = mine.get(mark(f))
        if not same:
            check.differs("findings", " ".join(mark(f)) or f, "no such finding")
            continue
        told = _told(f, worded)
        match = next((x for x in same if not list(differences("", told, _told(x, worded)))), same[0])
        same.remove(match)
        check.same(f"findings.{mark(f)[0]}", told, _told(match, worded))
    check.found += [Disagreement("findings", "missing", " ".join(mark(f))) for rest in mine.values() for f in rest]


def _told(f: Mapping[str, Any], worded: bool) -> dict[str, Any]:
    """What of a finding is compared."""
    cure, words = f.get("cure"), ("message",) if worded else ()
    keys = ("kind", "measure", "amount", *words)
    return {
        **{key: f.get(key) for key in ("gain", "losses", "breach", "voting", *words)},
        "cure": {key: cure.get(key) for key in keys} if isinstance(cure, Mapping) else cure,
    }
