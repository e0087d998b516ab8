"""The case of October 2007: in order, sourced, blind to what came after, and open to audit and comparison."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

import detente as dt
from detente.case.read import GALLERY
from detente.case.resolved import ResolvedCase as Resolved

CASE = "six-party-2007"
AGREED_ON = "2007-10-03"
ROAD_MAPS = ("as-agreed", "pyongyang-reading", "verify-first", "joint-statement", "rods-for-oil")


@pytest.fixture(scope="module")
def case() -> dt.Case:
    return dt.load(CASE)


def test_nothing_is_wrong_with_it_but_a_threat_that_is_hollow(case: dt.Case) -> None:
    assert [(w.code, "chinese-fuel" in str(w)) for w in case.warnings] == [("DET603", True)]


def test_only_what_was_known_on_the_day(case: dt.Case) -> None:
    """A source is no later than the agreement, or says in a note that it is and what it is used for."""
    sources: dict[str, Any] = case.tree.data["sources"]
    late = {k for k, s in sources.items() if str(s.get("date", "")) > AGREED_ON}
    assert late == {"albright-2007", "hill-2007", "acw-hecker", "crs-rl34256"}
    assert all("after" in sources[k]["note"] or "Later than 3 October 2007" in sources[k]["note"] for k in late)


def test_points_of_the_programme_sum_to_a_hundred_with_what_was_not_on_the_table(case: dt.Case) -> None:
    """Missiles 14, chemical and biological arms 4, people 3 and the test site 1 were not."""
    written: dict[str, Any] = case.tree.data["measures"]
    points = (
        str(m.get("facts", {}).get("programme", {}).get("value", "0")).partition(" ")[0] for m in written.values()
    )
    assert sum(map(Decimal, points)) == 100 - (14 + 4 + 3 + 1)


def test_the_twelve_actions_are_all_there(case: dt.Case) -> None:
    written: dict[str, Any] = case.tree.data["measures"]
    notes = " ".join(written[k].get("note", "") for k in case.tree.data["groups"]["disabling"]["members"])
    listed = re.findall(r"Actions? ((?:\d+(?:, | and )?)+)(?=[:.,])", notes)
    named = {int(n) for text in listed for n in re.findall(r"\d+", text)}
    assert named == set(range(1, 13))


def _worth(resolved: Resolved, party: str, starts: dict[str, int]) -> Decimal:
    """Continuation value at the beginning, sum by sum: Σ δ^t u(t), the last period for ever."""
    delta, last = resolved.parties[party].discount, resolved.periods - 1
    begun = {k: starts[k] + m.takes for k, m in resolved.measures.items() if k in starts}
    begun |= {k: -1 for k, m in resolved.measures.items() if m.done}
    begun |= {
        k: max(begun[x] for x in m.members)
        for k, m in resolved.measures.items()
        if m.members and begun.keys() >= set(m.members)
    }
    total = Decimal(0)
    for k, c in begun.items():
        worth = resolved.measures[k].value.get(party)
        if worth is None:
            continue
        if c >= 0:
            total += delta**c * worth.once
        total += sum((delta**t * worth.flow[t] for t in range(max(c, 0), last)), Decimal(0))
        total += delta**last / (1 - delta) * worth.flow[last]
    return total


@pytest.mark.parametrize("name", ROAD_MAPS)
def test_audited_as_the_sums_say(case: dt.Case, name: str) -> None:
    answer = dt.audit(case, name, cures=False)
    assert answer.verdict in {"holds", "fails"}
    assert not {"out-of-order", "over-capacity", "past-horizon"} & {f.kind for f in answer.findings}
    resolved, starts = case.resolved, dict(dt.load_road_map(name, case).starts)
    for party in resolved.parties:
        ours = _worth(resolved, party, {k: t for k, t in starts.items() if t is not None})
        assert float(answer.V[party][0]) == pytest.approx(float(ours), abs=1e-6)


def test_the_agreement_keeps_its_own_text_and_checks_nothing(case: dt.Case) -> None:
    answer = dt.audit(case, "as-agreed", keep="as-agreed", cures=False)
    assert answer.clauses_kept
    starts = dt.load_road_map("as-agreed", case).starts
    assert not {"verify-records", "verify-protocol"} & {k for k, t in starts.items() if t is not None}


def test_a_pyongyang_that_means_its_offer_loses_nothing_by_it() -> None:
    """What the type rests on: at the top of its points its own offer is a tie for Pyongyang, beyond it a loss."""
    top = {"programme": "-0.16", "deterrent": "-0.096", "transparency": "-0.08"}
    bound = dt.load(CASE, settings=[f"weight.DPRK.{k}={v}" for k, v in top.items()])
    beyond = dt.load(CASE, settings=[f"weight.DPRK.{k}={float(v) * 1.05}" for k, v in top.items()])
    gains = []
    for one in (bound, beyond):
        answer = dt.audit(one, "pyongyang-reading", cures=False)
        gains.append(float(answer.V["DPRK"][0]) - float(answer.reserve["DPRK"]))
    assert abs(gains[0]) < 5
    assert gains[1] < -15


def test_compared() -> None:
    found = dt.compare(CASE, proposals=["pyongyang-reading"], draws=4, plan_limit=0, time_limit=0, workers=1)
    row = next(r for r in found.rows if r.completion == "as-written")
    assert row.audit is not None
    assert row.audit.verdict == "fails"
    assert row.draws is not None
    assert row.draws.n == 4


def test_every_step_of_the_record_is_in_the_case(case: dt.Case) -> None:
    """The table of planned and actual dates names things of the case; its planned periods are those of `as-agreed`."""
    text = (GALLERY / CASE / "what-happened.md").read_text(encoding="utf-8")
    rows = [r.strip("| ").split(" | ") for r in text.splitlines() if re.match(r"\| [^|]+ \| `", r)]
    assert len(rows) == 23
    starts = dict(dt.load_road_map("as-agreed", case).starts)
    written: dict[str, Any] = case.tree.data["measures"]
    for row in rows:
        names = re.findall(r"`([a-z0-9-]+)`", row[1])
        assert all(n in written or n in starts for n in names), names
        dated = [(k, t) for n in names for k, t in starts.items() if k == n or re.fullmatch(rf"{n}-\d", k)]
        ends = [t + case.resolved.measures[k].takes for k, t in dated if t is not None]
        stated = [int(n) for n in re.findall(r"\d+", row[5].partition(",")[0])]
        assert stated[-1:] == sorted(ends)[-1:], names
