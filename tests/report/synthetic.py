"""A case of the size of the real one, and answers to go with it, made by hand: shapes are right, worth is invented."""

from __future__ import annotations

import math
from decimal import Decimal

from detente.case.resolved import (
    Access,
    After,
    Clause,
    Detect,
    Group,
    Measure,
    Party,
    ResolvedCase,
    Undo,
    Value,
)
from detente.case.road_map import RoadMap
from detente.report.content import Assumption, BriefContent, FactKind, ProposalNote, Source
from detente.results.audit import Audit, Breach, ClauseResult, Cure, Finding, LeastMargin
from detente.results.compare import Comparison, DrawShares, Row
from detente.results.drivers import Driver
from detente.results.plan import NoPlan, NoPlanReason, Plan
from detente.results.provenance import Provenance, Run
from detente.results.walk_out import Departure, MeasureAfter, StickUsed, WalkOut

PROVENANCE = Provenance("sha256:5f2b0c9d7a31e84466", "detente 0.1.0", 7, Run(41.3, "2 cores", {"time": 120}, None))
T = 40

NORTH = [
    ("declare-sites", "Declaration of all production sites", 2, 1, [], []),
    ("admit-yongbyon", "Resident inspectors at Yongbyon", 1, 0, [], []),
    ("admit-elsewhere", "Inspectors at enrichment sites outside Yongbyon", 2, 6, ["declare-sites"], []),
    ("admit-missiles", "Perimeter monitoring at the Sanum-dong missile plant", 2, 9, ["declare-missiles"], []),
    ("declare-missiles", "Declaration of long-range missiles and launchers", 2, 5, ["declare-sites"], []),
    ("declare-arsenal", "Declaration of warheads and fissile stock", 3, 15, ["declare-missiles"], []),
    ("admit-arsenal", "Inspectors at weapon storage and assembly sites", 2, 19, ["declare-arsenal"], []),
    ("disable-reactor", "Disable the 5 MWe gas-graphite reactor", 1, 2, ["admit-yongbyon"], ["admit-yongbyon"]),
    ("disable-reprocessing", "Disable the Radiochemical Laboratory", 1, 2, ["admit-yongbyon"], ["admit-yongbyon"]),
    ("disable-enrichment", "Disable the Yongbyon enrichment plant", 1, 4, ["admit-yongbyon"], ["admit-yongbyon"]),
    ("disable-elwr", "Halt the experimental light-water reactor", 1, 4, ["admit-yongbyon"], ["admit-yongbyon"]),
    (
        "dismantle-fuel",
        "Dismantle the fuel fabrication plant and the UF6 conversion line",
        8,
        6,
        ["disable-enrichment"],
        ["admit-yongbyon"],
    ),
    ("dismantle-reactor", "Dismantle the 5 MWe gas-graphite reactor", 18, 6, ["disable-reactor"], ["admit-yongbyon"]),
    (
        "dismantle-reprocessing",
        "Dismantle the Radiochemical Laboratory",
        22,
        8,
        ["disable-reprocessing"],
        ["admit-yongbyon"],
    ),
    (
        "dismantle-enrichment",
        "Dismantle the Yongbyon enrichment plant",
        4,
        9,
        ["disable-enrichment"],
        ["admit-yongbyon"],
    ),
    ("disable-kangson", "Disable suspected enrichment at Kangson", 1, 10, ["admit-elsewhere"], ["admit-elsewhere"]),
    ("dismantle-kangson", "Dismantle suspected enrichment at Kangson", 4, 14, ["disable-kangson"], ["admit-elsewhere"]),
    ("close-test-site", "Survey and seal the Punggye-ri test site", 4, 3, [], []),
    ("dismantle-sohae", "Dismantle the Sohae launch stand", 2, 3, [], []),
    ("long-range-1", "Long-range missiles destroyed, first third", 2, 12, ["admit-missiles"], ["admit-missiles"]),
    ("long-range-2", "Long-range missiles destroyed, second third", 2, 18, ["long-range-1"], ["admit-missiles"]),
    ("long-range-3", "Long-range missiles destroyed, last third", 2, 24, ["long-range-2"], ["admit-missiles"]),
    ("warheads-1", "Warheads and stock shipped out, first quarter", 2, 22, ["admit-arsenal"], ["admit-arsenal"]),
    ("warheads-2", "Warheads and stock shipped out, second quarter", 2, 27, ["warheads-1"], ["admit-arsenal"]),
    ("warheads-3", "Warheads and stock shipped out, third quarter", 2, 32, ["warheads-2"], ["admit-arsenal"]),
]
STATES = [
    ("liaison-office", "Liaison offices opened", 1, 1, []),
    ("humanitarian", "Humanitarian aid licences", 1, 0, []),
    ("end-of-war", "Declaration that the war is over", 0, 3, ["disable-reactor"]),
    ("delist", "Removal from the list of state sponsors of terrorism", 1, 11, ["declare-sites"]),
    ("suspend-banking", "Suspend US banking sanctions", 1, 12, ["disable-kangson"]),
    ("lift-banking", "Lift US banking sanctions by statute", 2, 30, ["suspend-banking"]),
    ("halve-exercises", "Field exercises stay at battalion size", 0, 2, []),
    ("embassy", "Embassies and normal relations", 2, 33, ["lift-banking"]),
    ("assurance", "Written security assurance", 1, 16, []),
    ("peace-treaty", "Peace treaty", 3, 28, ["end-of-war"]),
]
SOUTH = [
    ("kaesong", "Kaesong industrial complex reopened", 2, 8, ["un-exempt"]),
    ("kumgang", "Kumgang tourism resumed", 1, 5, []),
    ("rail", "Railway and road links across the border", 6, 10, ["un-exempt"]),
    ("power", "Electricity supply to the North", 4, 20, ["long-range-1"]),
]
CHINA = [
    ("labour-back", "Labour permits renewed", 1, 9, ["un-labour"]),
    ("oil", "Oil deliveries above the cap", 1, 13, ["un-oil"]),
]
COUNCIL = [
    ("un-exempt", "Exemption for inter-Korean projects", 1, 5, ["disable-enrichment"]),
    ("un-textiles", "Textile ban suspended", 1, 5, ["disable-reprocessing"]),
    ("un-textiles-lifted", "Textile ban lifted", 2, 31, ["warheads-2"]),
    ("un-labour", "Labour ban suspended", 1, 7, ["declare-missiles"]),
    ("un-coal", "Coal and minerals ban suspended", 1, 12, ["disable-kangson"]),
    ("un-oil", "Oil cap raised", 1, 11, []),
]
DONE = [
    ("moratorium", "DPRK", "Moratorium on nuclear and long-range tests"),
    ("freeze-exercises", "US", "Large exercises suspended"),
]
GROUPS = {
    "yongbyon": [
        "disable-reactor",
        "disable-reprocessing",
        "disable-enrichment",
        "disable-elwr",
        "dismantle-fuel",
        "dismantle-reactor",
        "dismantle-reprocessing",
        "dismantle-enrichment",
    ],
    "arsenal": ["warheads-1", "warheads-2", "warheads-3", "warheads-4", "long-range-1", "long-range-2", "long-range-3"],
    "relief": ["un-textiles", "un-labour", "un-coal", "un-oil", "suspend-banking", "delist", "kaesong", "kumgang"],
}


def flat(x: str, periods: int = T) -> tuple[Decimal, ...]:
    return (Decimal(x),) * periods


def _measure(by: str, takes: int, after: list[str], access: list[str], replaces: str | None = None) -> Measure:
    detect = Detect(Decimal("0.1"), tuple(Access((a,), Decimal("0.9")) for a in access))
    return Measure(
        by,
        takes,
        tuple(After(a) for a in after),
        Undo(2, Decimal(1)),
        detect=detect,
        public=not access,
        replaces=After(replaces) if replaces else None,
        value={by: Value(flat("-1"))},
    )


def big_case() -> ResolvedCase:
    measures: dict[str, Measure] = {}
    titles = {
        "US": "United States",
        "DPRK": "North Korea",
        "ROK": "South Korea",
        "China": "China",
        "UNSC": "Security Council",
        "synthetic": "United States and North Korea, 2019",
        "yongbyon": "Yongbyon",
        "arsenal": "Warheads and long-range missiles",
        "relief": "Relief from sanctions",
        "hanoi-offer": "North Korea's offer at Hanoi",
        "big-deal": "The American big deal at Hanoi",
        "good-enough": "Seoul's good enough deal",
        "freeze": "Freeze for freeze",
        "us-win": "Denuclearisation visibly under way",
        "dprk-win": "Relief that shows in the economy",
    }
    for k, title, takes, _start, after, access in NORTH:
        measures[k], titles[k] = _measure("DPRK", takes, after, access), title
    measures["warheads-4"] = _measure("DPRK", 2, ["warheads-3"], ["admit-arsenal"])
    titles["warheads-4"] = "Warheads and stock shipped out, last quarter"
    for by, rows in (("US", STATES), ("ROK", SOUTH), ("China", CHINA), ("UNSC", COUNCIL)):
        for k, title, takes, _start, after in rows:
            replaces = {"un-textiles-lifted": "un-textiles", "lift-banking": "suspend-banking"}.get(k)
            measures[k], titles[k] = _measure(by, takes, after, [], replaces), title
    for k, by, title in DONE:
        measures[k], titles[k] = Measure(by, done=True, public=True, undo=Undo(0)), title
    measures["all-yongbyon"] = Measure(
        None, members=tuple(GROUPS["yongbyon"]), value={"US": Value(flat("1"), Decimal(5))}
    )
    titles["all-yongbyon"] = "All of Yongbyon is gone"
    clauses = (
        Clause("us-r1", "US", "red-line", "US", "must", "declare-sites by 2020-Q4"),
        Clause("dprk-r1", "DPRK", "red-line", "DPRK", "must", "un-textiles before admit-arsenal"),
        Clause("us-g1", "US", "goal", "us-win", "must", "share of yongbyon at least 0.5 by 2020-Q4"),
        Clause("us-g2", "US", "goal", "us-win", "want", "disable-kangson by 2021-Q1", Decimal(2)),
        Clause("dprk-g1", "DPRK", "goal", "dprk-win", "must", "un-coal by 2020-Q4"),
        Clause("dprk-g2", "DPRK", "goal", "dprk-win", "want", "end-of-war by 2020-Q1"),
        Clause("dprk-p1", "DPRK", "proposal", "hanoi-offer", "must", "un-coal by 2019-Q4"),
        Clause("us-p1", "US", "position", "us-after-hanoi", "must", "all of arsenal before any of relief"),
    )
    half = Decimal("0.5")
    groups = {g: Group(tuple(m), "count", dict.fromkeys(m, half)) for g, m in GROUPS.items()}
    party = {p: Party(Decimal("0.96"), flat("0"), exit_cost=Decimal(1)) for p in ("US", "DPRK", "ROK", "China", "UNSC")}
    return ResolvedCase(
        "quarter",
        T,
        "2019-04-01",
        Decimal("0.97"),
        party,
        measures,
        principals=("US", "DPRK"),
        groups=groups,
        clauses=clauses,
        name="synthetic",
        titles=titles,
    )


def big_road_map() -> RoadMap:
    starts = {k: s for k, _t, _d, s, *_ in [*NORTH, *STATES, *SOUTH, *CHINA, *COUNCIL]}
    return RoadMap(starts, "best")


def tiny_case() -> ResolvedCase:
    measures = {
        "freeze": Measure(
            "north", 1, undo=Undo(0), value={"north": Value(flat("-1", 4)), "south": Value(flat("3", 4))}
        ),
        "aid": Measure(
            "south",
            0,
            (After("freeze"),),
            Undo(0),
            public=True,
            value={"north": Value(flat("3", 4)), "south": Value(flat("-1", 4))},
        ),
    }
    party = {p: Party(Decimal("0.9"), flat("0", 4)) for p in ("north", "south")}
    return ResolvedCase(
        "year",
        4,
        "2020-01-01",
        Decimal("0.9"),
        party,
        measures,
        principals=("north", "south"),
        name="two-steps",
        titles={"two-steps": "Two steps"},
    )


def audit_of(
    case: ResolvedCase, road_map: RoadMap, verdict: str = "holds", signed: bool = True, shift: float = 0.0
) -> Audit:
    n = case.periods + 1
    parties = list(case.parties)
    margin = {
        p: tuple(shift + 37.5 * math.exp(-t / 14) * (1 + 0.4 * math.sin(t / 3 + i)) + 2.25 for t in range(n))
        for i, p in enumerate(parties)
    }
    V = {p: tuple(120.0 - 2 * t + 10 * i for t in range(n)) for i, p in enumerate(parties)}
    W = {p: tuple(v - m for v, m in zip(V[p], margin[p], strict=True)) for p in parties}
    exposure = {p: tuple(max(0.0, 14 * math.sin(t / 5 + i)) for t in range(n)) for i, p in enumerate(parties)}
    trust = {
        p: tuple(e / (abs(m) + e) if e else 0.0 for e, m in zip(exposure[p], margin[p], strict=True)) for p in parties
    }
    bystanders = tuple(p for p in parties if not any(case.measures[k].by == p for k in road_map.starts))
    moments = [(p, t) for p in parties if p not in bystanders for t in range(n)]
    party, t = min(moments, key=lambda x: margin[x[0]][x[1]], default=(parties[0], 0))
    least = LeastMargin(party, t, margin[party][t], margin[party][t] / 480) if moments else None
    covert = Breach("covert", t, fakes=(next(iter(road_map.starts), ""),)) if road_map.starts else Breach("walk", t)
    losses = {parties[1]: 41.5, parties[0]: 13.25}
    found: list[Finding] = []
    if verdict == "fails":
        found.append(
            Finding(
                "tempted",
                "x",
                party,
                t,
                -margin[party][t],
                (),
                covert if shift < -60 else Breach("walk", t),
                losses,
                Cure("exit-cost", None, 12.5, "an exit cost of at least 12.5"),
            )
        )
    if not signed:
        found.append(Finding("would-not-sign", "x", parties[0], 0, 103.0))
    found.append(
        Finding("delay-prone", f"{parties[1]} gains 3.4 by dragging its feet from period 7", parties[1], 7, 3.4)
    )
    reserve = {p: (140.0 if not signed and i == 0 else 31.25) for i, p in enumerate(parties)}
    clauses = tuple(ClauseResult(c.id, i % 3 != 1, 0.0 if i % 3 != 1 else 2.0 + i) for i, c in enumerate(case.clauses))
    return Audit(
        road_map=road_map,
        verdict=verdict,
        reason="the smallest margin is that",
        signed=signed,
        clauses_kept=signed,  # type: ignore[arg-type]
        certified=verdict == "holds" and signed,
        V=V,
        W=W,
        margin=margin,
        reserve=reserve,
        least_margin=least,
        best_breach={p: tuple(Breach("walk", t) for t in range(n)) for p in parties},
        vacuous={p: tuple(t == n - 1 for t in range(n)) for p in parties},
        least_counted=least,
        exposure=exposure,
        trust_needed=trust,
        terminal_stake=dict.fromkeys(parties, (12.5, 4.0)),
        bystanders=bystanders,
        gains=dict.fromkeys(parties, 88.75),
        clauses=clauses,
        findings=tuple(found),
        provenance=PROVENANCE,
    )


def plan_of(case: ResolvedCase, road_map: RoadMap) -> Plan:
    return Plan(road_map, "robust", 0.0187, 0.0342, 0.0155, 0.001, audit_of(case, road_map), 46, PROVENANCE)


def no_plan(outcome: str) -> NoPlan:
    kind = "none-exists" if outcome == "none-exists" else "limit"
    reason = NoPlanReason(
        kind, ("branch and bound over 48 measures", "local search from 12 starts"), ("us-r1", "dprk-r1")
    )  # type: ignore[arg-type]
    return NoPlan(outcome, reason, "robust", 0.0004, 0.001, 12, PROVENANCE)  # type: ignore[arg-type]


def comparison_of(case: ResolvedCase, road_map: RoadMap | None) -> Comparison:
    n = case.periods
    shares = {g: tuple(min(1.0, t / (0.7 * n)) for t in range(n + 1)) for g in case.groups}
    draws = DrawShares(300, 7, 0.62, 0.4533333333333333, 0.41)
    none = DrawShares(300, 7, 0.0033333333333333335, 0.0, 0.0)
    some = RoadMap(
        {k: 0 for k, m in case.measures.items() if m.members is None and not m.done and m.by}
        if road_map is None
        else dict(list(road_map.starts.items())[::3])
    )
    rows = [
        Row(
            "hanoi-offer",
            "as-written",
            some,
            audit_of(case, some, "fails", False, -90),
            shares,
            tuple(case.measures)[-1:],
            none,
        ),
        Row("hanoi-offer", "best-certified", None, None, {}, (), None, "no certified completion exists"),
        Row(
            "big-deal",
            "best-for:US",
            some,
            audit_of(case, some, "fails", True, -30),
            shares,
            tuple(case.measures)[:2],
            none,
        ),
        Row("big-deal", "best-for:DPRK", some, audit_of(case, some, "unknown", True, 1), shares, (), none),
        Row(
            "good-enough",
            "best-certified",
            some,
            audit_of(case, some),
            shares,
            tuple(case.measures)[:7],
            draws,
        ),
    ]
    if len(case.measures) < 9:
        rows = rows[-1:]
    if road_map is not None:
        rows.append(Row("plan", "best-certified", road_map, audit_of(case, road_map), shares, (), draws))
    return Comparison(
        tuple(rows),
        {"hanoi-offer": {"dprk-p1": "always", "us-g1": "never", "dprk-g1": "always", "us-r1": "depends"}},
        PROVENANCE,
    )


def walk_out_of(case: ResolvedCase, road_map: RoadMap, periods: dict[str, int]) -> WalkOut:
    """Departures by a simple rule of thumb: everybody stops a period later, what is not public and young is undone."""
    return WalkOut(road_map, tuple(_departure(case, road_map, p, t) for p, t in periods.items()), PROVENANCE)


def _departure(case: ResolvedCase, road_map: RoadMap, party: str, t: int) -> Departure:
    n = case.periods + 1
    stops = {p: t if p == party else t + 1 for p in case.parties}
    tracks = []
    for k, m in case.measures.items():
        if m.members is not None or not (m.done or k in road_map.starts):
            continue
        s = -1 if m.done else road_map.starts[k]
        c = s + m.takes if not m.done else -1
        kept = tuple("absent" if x < s else "under-way" if x < c else "in-force" for x in range(n))
        stop = stops[m.by]  # type: ignore[index]
        undone = stop + 2 if c < stop and len(k) % 2 else None
        after = tuple(
            ("absent" if x < s or (x >= stop and c >= stop) else "under-way" if x < c else "in-force")
            if undone is None or x < stop
            else ("being-undone" if x < undone else "undone")
            for x in range(n)
        )
        end = "undone" if undone else "stays" if c < stop else "work-stops" if s < stop else "never-begins"
        lost = undone if undone else None if c < stop else c
        tracks.append(MeasureAfter(k, kept, after, end, stop, lost, 0.2 if k == "un-textiles" else 1.0))  # type: ignore[arg-type]
    stay = {p: tuple(4.0 + 0.2 * x - i for x in range(n)) for i, p in enumerate(case.parties)}
    leave = {
        p: tuple(v if x < t else v * 0.4 - (3 if x == t else 1) for x, v in enumerate(stay[p])) for p in case.parties
    }
    return Departure(
        party,
        t,
        Breach("walk", t),
        2.75,
        stops,
        tuple(tracks),
        (StickUsed("tariff", "US", party, t + 2, t + 10),),
        stay,
        leave,
        {p: 80.5 + i for i, p in enumerate(case.parties)},
        {p: 77.75 - 9 * i for i, p in enumerate(case.parties)},
    )


def assumptions_of(case: ResolvedCase) -> tuple[Assumption, ...]:
    why = "Offers all relief for all 100 points and thinks that a good bargain; would not give 3 150 for 20 points."
    weights = [
        Assumption(
            "weight",
            f"parties.{p}.weights.{a}",
            a,
            Decimal(v),
            Decimal(low),
            Decimal(high),
            "points",
            ("wp-2019",),
            "L",
            why,
            case.title(p),
        )
        for p in case.principals
        for a, v, low, high in (("programme", "0.45", "0.30", "0.70"), ("relief", "-0.004", "-0.008", "-0.002"))
    ]
    facts = [
        Assumption(
            "measure",
            f"measures.{k}.facts.programme",
            "programme",
            Decimal(9),
            None,
            None,
            "points",
            () if i % 3 else ("crs-rl34256",),
            "M",
            "",
            case.title(k),
        )
        for i, k in enumerate(case.measures)
    ]
    return (*weights, *facts)


def content_of(case: ResolvedCase, road_map: RoadMap | None, plan: Plan | NoPlan | None = None) -> BriefContent:
    answer = plan or (plan_of(case, road_map) if road_map is not None else no_plan("unknown"))
    leaving = {p: min(t, case.periods - 1) for p, t in zip(case.principals, (26, 12), strict=False)}
    return BriefContent(
        case=case,
        title=case.title(case.name),
        about="After the summit. One side wants weapons gone;\nthe other wants its economy back.\n\nMore.",
        plan=answer,
        comparison=comparison_of(case, road_map),
        walk_out=walk_out_of(case, road_map, leaving) if road_map is not None else None,
        assumptions=assumptions_of(case),
        sources=(Source("crs-rl34256", "Technical issues"), Source("wp-2019", "A newspaper", "https://example.org/a")),
        fact_kinds=(FactKind("programme", "points of 100", "What is out of use."),),
        proposals={"hanoi-offer": ProposalNote("DPRK", "2019-02-28", "")},
        abouts={"us-win": "Before the election of 3 November 2020."},
        drivers=(Driver(f"parties.{case.principals[0]}.weights.programme", 0.71, 0.19),),
    )
