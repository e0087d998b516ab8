"""Checking a written answer against its case, from scratch and in rationals: nothing written is taken on trust.

A plan is checked for its road map: that the judge certifies it with the margin asked for, that every number of the
audit within it is right, and that value, bound and gap fit. That no better road map exists (``bound``), or none at all,
is not something a judge can see; it is said so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from detente.audit.judge import provenance
from detente.audit.margins import Limits
from detente.audit.verify_audit import check_audit
from detente.audit.verify_compare import Check
from detente.audit.verify_plan import check_plan
from detente.case.interchange import case_hash
from detente.case.resolved import ResolvedCase
from detente.errors import Diagnostic, InputError
from detente.results.verification import Verification

FORMATS = {"detente/audit/1": "audit", "detente/plan/1": "plan"}


def verify(answer: Mapping[str, Any], case: ResolvedCase) -> Verification:
    """Compare a written audit or plan with what the case says; raises :class:`InputError` if it is neither."""
    kind = FORMATS.get(str(answer.get("format")))
    if kind is None:
        raise InputError([
            Diagnostic("DET704", f'the format "{answer.get("format")}" is no answer that can be verified',
                       why="an audit or a plan holds a road map that can be judged again",
                       fix='give what "detente audit --json" or "detente plan --json" wrote')
        ])  # fmt: skip
    check, true_hash = Check(case, checked=["case_hash"]), case_hash(case)
    check.same("case_hash", answer.get("case_hash"), true_hash)
    own = not check.found
    try:
        check_audit(answer, check) if kind == "audit" else check_plan(answer, check)
    except InputError as error:
        if own or error.diagnostics[0].code == "DET705":
            raise
        check.unchecked.append(f"all else: its road map is none of this case ({error.diagnostics[0].problem})")
    if kind == "audit" and answer.get("exact") is None:
        check.unchecked.append("exact margins: none are written down (detente audit --exact writes them)")
    outcome = str(answer.get("outcome")) if kind == "plan" else "audit"
    checked, unchecked = (tuple(dict.fromkeys(told)) for told in (check.checked, check.unchecked))
    return Verification(kind, tuple(check.found), checked, unchecked, provenance(case, Limits()), outcome, own)
