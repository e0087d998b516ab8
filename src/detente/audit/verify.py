"""Checking a written answer against its case, from scratch and in rationals: nothing written is taken on trust.

A plan is checked for its road map: that the judge certifies it with the margin asked for, and that every number of the
audit within it is right. That no better road map exists (``bound``) is not something a judge can see; it is said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import isfinite, log
from typing import Any

from detente.audit.exact import Cheat, Exact, ExactRoadMap
from detente.audit.judge import audit, provenance
from detente.audit.margins import Limits
from detente.case.interchange import case_hash
from detente.case.resolved import ResolvedCase
from detente.case.road_map import RoadMap
from detente.case.road_maps import load_road_map
from detente.errors import Diagnostic, InputError
from detente.results.audit import Audit
from detente.results.verification import Disagreement, Verification

CLOSE = 1e-9
"""Floats agree if they differ by no more than this, in their own units or relative to the larger."""

FORMATS = {"detente/audit/1": "audit", "detente/plan/1": "plan"}
SEEN = (
    "verdict", "signed", "clauses_kept", "certified", "V", "W", "margin", "reserve", "gains", "least_margin",
    "least_counted", "vacuous", "exposure", "trust_needed", "terminal_stake", "bystanders", "clauses",
)  # fmt: skip
"""Parts of an audit that are compared number by number; best breaches, findings and the exact block come on top."""


def verify(answer: Mapping[str, Any], case: ResolvedCase) -> Verification:
    """Compare a written audit or plan with what the case says; raises :class:`InputError` if it is neither."""
    kind = FORMATS.get(str(answer.get("format")))
    if kind is None:
        raise InputError([
            Diagnostic("DET704", f'the format "{answer.get("format")}" is no answer that can be verified',
                       why="an audit or a plan holds a road map that can be judged again",
                       fix='give what "detente audit --json" or "detente plan --json" wrote')
        ])  # fmt: skip
    found: list[Disagreement] = []
    true_hash = case_hash(case)
    _same("case_hash", answer.get("case_hash"), true_hash, found)
    unchecked: list[str] = []
    checked = _audit(answer, case, found) if kind == "audit" else _plan(answer, case, found, unchecked)
    return Verification(kind, tuple(found), ("case_hash", *checked), tuple(unchecked), provenance(case, Limits()))


def _plan(
    answer: Mapping[str, Any], case: ResolvedCase, found: list[Disagreement], unchecked: list[str]
) -> tuple[str, ...]:
    if answer.get("outcome") != "plan":
        unchecked.append(
            f'the outcome "{answer.get("outcome")}": that there is no road map cannot be seen by judging one'
        )
        if answer.get("starts") is not None or answer.get("audit") is not None:
            found.append(Disagreement("outcome", str(answer.get("outcome")), "there is a road map in the answer"))
        return ()
    inner = answer.get("audit")
    if not isinstance(inner, Mapping):
        found.append(Disagreement("audit", "missing", "a plan carries its audit"))
        return ()
    _same("starts", answer.get("starts"), inner.get("starts"), found)
    inside: list[Disagreement] = []
    checked = _audit({**inner, "starts": answer.get("starts")}, case, inside)
    _same("case_hash", inner.get("case_hash"), case_hash(case), inside)
    found += [replace(d, where=f"audit.{d.where}") for d in inside]
    true = _judged(answer.get("starts"), case, _keep(inner), exact=False)
    if not true.certified:
        found.append(Disagreement("outcome", "plan", f"not certified: {true.reason}"))
    _margin(answer, true, found)
    _value(answer, case, true, found, unchecked)
    unchecked.append("bound and gap: that no better road map exists is the planner's own proof")
    return (*checked, "starts", "margin_required", "value")


def _margin(answer: Mapping[str, Any], true: Audit, found: list[Disagreement]) -> None:
    """The margin that was asked for is there."""
    asked, least = answer.get("margin_required"), true.least_counted
    if not isinstance(asked, int | float) or isinstance(asked, bool):
        found.append(Disagreement("margin_required", str(asked), "a number"))
    elif least is not None and least.relative is not None and least.relative < asked - CLOSE:
        found.append(Disagreement("margin_required", str(asked), f"the least relative margin is {least.relative:g}"))


def _value(
    answer: Mapping[str, Any], case: ResolvedCase, true: Audit, found: list[Disagreement], unchecked: list[str]
) -> None:
    """The value of the objective, where it follows from the road map alone."""
    objective, terms = answer.get("objective"), Exact(case).terms
    exact, value = Exact(case), None
    gains = {p: (true.gains[p], float(exact.scale(terms.party_index[p]))) for p in case.principals}
    gains = {p: (g, k) for p, (g, k) in gains.items() if k > 0}
    if objective == "robust":
        value = true.least_counted.relative if true.least_counted is not None else None
    elif objective == "welfare":
        value = sum(g / k for g, k in gains.values())
    elif objective == "nash" and all(g > 0 for g, _ in gains.values()):
        value = sum(log(g / k) for g, k in gains.values())
    if value is None:
        unchecked.append(f"the value of the objective {objective}: it rests on more than this road map")
    else:
        _same("value", answer.get("value"), value, found)


def _audit(answer: Mapping[str, Any], case: ResolvedCase, found: list[Disagreement]) -> tuple[str, ...]:
    findings = answer.get("findings") or []
    cures = any(isinstance(f, Mapping) and f.get("cure") for f in findings)
    true = _judged(answer.get("starts"), case, _keep(answer), cures=cures)
    told = true.to_dict()
    for key in SEEN:
        _same(key, answer.get(key), told[key], found)
    _breaches(answer, case, true, found)
    _findings(findings, told["findings"], found)
    block = answer.get("exact")
    if isinstance(block, Mapping):
        _exact(block, told["exact"], found)
    return ("starts", *SEEN, "best_breach", "findings", "exact")


def _judged(
    starts: Any, case: ResolvedCase, keep: tuple[str, ...], *, cures: bool = False, exact: bool = True
) -> Audit:
    if not isinstance(starts, Mapping):
        raise InputError([
            Diagnostic("DET705", "the answer holds no road map", why="there is nothing to judge",
                       fix='"starts" gives the start period of each measure')
        ])  # fmt: skip
    road_map: RoadMap = load_road_map({"format": "detente/road-map/1", "starts": dict(starts)}, case)
    return audit(case, road_map, exact=exact, cures=cures, keep=keep)


def _keep(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """The clauses that were to be kept besides the red lines, as the answer says."""
    limits = (answer.get("run") or {}).get("limits") or {}
    return tuple(str(name) for name in limits.get("keep") or ())


def _same(where: str, written: Any, found: Any, into: list[Disagreement]) -> None:
    """Note every leaf at which two JSON values differ."""
    into.extend(_differences(where, written, found))


def _differences(where: str, written: Any, found: Any) -> Iterator[Disagreement]:
    if isinstance(written, Mapping) and isinstance(found, Mapping):
        for key in dict.fromkeys((*found, *written)):
            yield from _differences(f"{where}.{key}", written.get(key, "(missing)"), found.get(key, "(nothing)"))
    elif isinstance(written, list | tuple) and isinstance(found, list | tuple) and len(written) == len(found):
        for n, (a, b) in enumerate(zip(written, found, strict=True)):
            yield from _differences(f"{where}[{n}]", a, b)
    elif not _equal(written, found):
        yield Disagreement(where, _shown(written), _shown(found))


def _equal(a: Any, b: Any) -> bool:
    """Equal, or numbers that agree within ``CLOSE``; a truth value is no number."""
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (a, b))
    if not numbers:
        return type(a) is type(b) and bool(a == b)
    return isfinite(a) and isfinite(b) and abs(a - b) <= CLOSE * max(1.0, abs(a), abs(b))


def _shown(x: Any) -> str:
    text = repr(x)
    return text if len(text) <= 80 else text[:77] + "..."


def _exact(written: Mapping[str, Any], found: Mapping[str, Any], into: list[Disagreement]) -> None:
    """Exact fractions, compared as fractions."""

    def read(block: Mapping[str, Any]) -> dict[str, list[Any]]:
        margins = block.get("margin")
        return {i: [_fraction(x) for x in ms] for i, ms in margins.items()} if isinstance(margins, Mapping) else {}

    _same("exact.margin", read(written), read(found), into)


def _fraction(x: Any) -> Any:
    try:
        return str(Fraction(x))
    except (ValueError, TypeError, ZeroDivisionError):
        return x


def _breaches(answer: Mapping[str, Any], case: ResolvedCase, true: Audit, found: list[Disagreement]) -> None:
    """Best breaches: the same, or others that are exactly as good."""
    written = answer.get("best_breach")
    if not isinstance(written, Mapping) or set(written) != set(true.best_breach):
        _same("best_breach", written, {i: [b.to_dict() for b in bs] for i, bs in true.best_breach.items()}, found)
        return
    exact = Exact(case)
    rm = exact.road_map(true.road_map.starts)
    for i, breaches in true.best_breach.items():
        if not isinstance(written[i], list) or len(written[i]) != len(breaches):
            found.append(Disagreement(f"best_breach.{i}", "another number of periods", str(len(breaches))))
            continue
        for t, breach in enumerate(breaches):
            if written[i][t] != breach.to_dict() and not _as_good(rm, true, i, t, written[i][t]):
                found.append(Disagreement(f"best_breach.{i}[{t}]", _shown(written[i][t]), _shown(breach.to_dict())))


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


def _findings(written: Any, found: list[dict[str, Any]], into: list[Disagreement]) -> None:
    """Findings without their wording, in any order."""

    def mark(f: Any) -> tuple[str, ...]:
        return (
            tuple(str(f.get(key)) for key in ("kind", "party", "period", "measures")) if isinstance(f, Mapping) else ()
        )

    mine: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for f in found:
        mine.setdefault(mark(f), []).append(f)
    for f in written if isinstance(written, list) else []:
        same = mine.get(mark(f))
        if not same:
            into.append(Disagreement("findings", " ".join(mark(f)) or _shown(f), "no such finding"))
            continue
        match = next((x for x in same if not list(_differences("", _numbers(f), _numbers(x)))), same[0])
        same.remove(match)
        _same(f"findings.{mark(f)[0]}", _numbers(f), _numbers(match), into)
    into.extend(Disagreement("findings", "missing", " ".join(mark(f))) for rest in mine.values() for f in rest)


def _numbers(f: Mapping[str, Any]) -> dict[str, Any]:
    """What of a finding is compared: its gain, losses, breach and cure, not its wording."""
    cure = f.get("cure")
    told = {key: cure.get(key) for key in ("kind", "measure", "amount")} if isinstance(cure, Mapping) else None
    return {"gain": f.get("gain"), "losses": f.get("losses"), "breach": f.get("breach"), "cure": told}
