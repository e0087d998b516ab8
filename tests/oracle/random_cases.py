"""Random resolved cases and road maps, with every feature of the model switched on now and then.

`random_case(rng)` draws which features a case has (each with a chance of 0.6), then the case. Signs are those
of real deals most of the time: a measure costs its doer and gives to the others.
"""

from __future__ import annotations

import random
from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st

from tests.making import Raw, case, measure, milestone, party, road_map, stick, undo, worth

FEATURES = frozenset(
    (
        "after",
        "awkward",
        "clauses",
        "comparable",
        "detect",
        "discounts",
        "done",
        "drift",
        "during",
        "excludes",
        "exit_cost",
        "flows",
        "grace",
        "groups",
        "irreversible",
        "lag",
        "milestone",
        "no_deal",
        "odd_signs",
        "once",
        "private",
        "replace",
        "reserve",
        "residual",
        "resources",
        "sticks",
        "undo_chance",
        "undo_cost",
        "undo_takes",
        "withdrawal",
        "work",
    )
)
RARE = frozenset({"attributes", "milestone_access"})
"""Only on request: shares by an attribute of measures, and milestones as access measures."""

NICE = ("0", "1", "2", "3", "0.5", "1.5", "0.25", "4", "0.1", "5")
AWKWARD = ("0.333333333333", "1.41421356237", "2.71828182846", "0.0123456789012", "3.00000000001", "0.000001")
DISCOUNTS = ("0.5", "0.6", "0.8", "0.9", "0.75")
AWKWARD_DISCOUNTS = ("0.953462589246", "0.99", "0.123456789012", "0.999")


class _Drawer:
    """Draws one case; holds the generator and the features that are on."""

    def __init__(self, rng: random.Random, on: Collection[str], periods: int, who: list[str]) -> None:
        self.rng, self.on, self.periods, self.who = rng, on, periods, who

    def chance(self, feature: str, p: float) -> bool:
        """The feature is on, and comes up."""
        return feature in self.on and self.rng.random() < p

    def size(self) -> str:
        """A number that is not negative."""
        return self.rng.choice(AWKWARD if self.chance("awkward", 0.2) else NICE)

    def signed(self, sign: int) -> str:
        """A number of this sign, mostly; any sign now and then."""
        if self.chance("odd_signs", 0.15):
            sign = -sign
        size = self.size()
        return size if sign > 0 or size == "0" else f"-{size}"

    def flow(self, sign: int) -> Any:
        """One number, or one a period."""
        if self.chance("flows", 0.3):
            return [self.signed(sign) for _ in range(self.periods)]
        return self.signed(sign)

    def value(self, by: str) -> Raw:
        """What a measure of `by` is to each party."""
        found = {}
        for name in self.who:
            sign = -1 if name == by else 1
            once = self.signed(sign) if self.chance("once", 0.3) else "0"
            during = self.signed(-1) if name == by and self.chance("during", 0.5) else "0"
            if name != by and self.rng.random() < 0.2:
                continue
            found[name] = worth(self.flow(sign), once, during)
        return found

    def discount(self) -> str:
        """A discount factor."""
        return self.rng.choice(AWKWARD_DISCOUNTS if self.chance("awkward", 0.3) else DISCOUNTS)

    def probability(self) -> str:
        """A chance, now and then 0 or 1."""
        return self.rng.choice(("0", "1", "0.1", "0.25", "0.5", "0.5", "0.75", "0.9", "0.333333333333"))

    def party(self, common: str) -> Raw:
        """A party."""
        rng = self.rng
        return party(
            self.discount() if self.chance("discounts", 0.7) else common,
            reserve=self.signed(rng.choice((-1, 1))) if self.chance("reserve", 0.3) else None,
            response_lag=rng.choice((1, 2, 3)) if self.chance("lag", 0.5) else 1,
            status_quo=self.flow(rng.choice((-1, 1))) if self.chance("drift", 0.5) else "0",
            exit_cost=self.size() if self.chance("exit_cost", 0.5) else "0",
            grace=rng.choice((1, 2)) if self.chance("grace", 0.5) else 0,
        )

    def undoing(self) -> Raw | None:
        """How a measure is undone, if it can be."""
        if self.chance("irreversible", 0.3):
            return None
        return undo(
            self.rng.choice((1, 1, 2, 3)) if self.chance("undo_takes", 0.5) else 0,
            self.size() if self.chance("undo_cost", 0.4) else "0",
            self.probability() if self.chance("undo_chance", 0.3) else "1",
        )

    def work(self, earlier: dict[str, Raw]) -> Raw:
        """A measure that is no milestone."""
        rng = self.rng
        by = rng.choice(self.who[: max(2, len(self.who) - 1)])
        made = measure(
            by,
            self.value(by),
            takes=rng.choice((0, 1, 1, 2)) if "work" in self.on else 0,
            undo=self.undoing(),
            withdrawal=rng.choice(("automatic", "never")) if self.chance("withdrawal", 0.3) else "if-credible",
            residual=self.probability() if self.chance("residual", 0.3) else "0",
            public=not self.chance("private", 0.6),
            done=self.chance("done", 0.2),
        )
        if earlier and not made["done"] and self.chance("after", 0.4):
            others = rng.sample(sorted(earlier), min(len(earlier), rng.choice((1, 1, 2))))
            made["after"] = [{"measure": name, "wait": rng.choice((0, 1, 1, 2))} for name in others]
        return made

    def works(self, count: int) -> dict[str, Raw]:
        """The measures that are no milestones, each after earlier ones only."""
        found: dict[str, Raw] = {}
        for index in range(count):
            made = self.work(found)
            if found and not made["done"] and self.chance("replace", 0.25):
                self.replace(made, found)
            found[f"k{index + 1}"] = made
        if "excludes" in self.on:
            self.exclude(found)
        return found

    def replace(self, made: Raw, earlier: dict[str, Raw]) -> None:
        """Make it replace an earlier measure; both then belong to one party and are public."""
        old = self.rng.choice(sorted(earlier))
        earlier[old]["public"] = made["public"] = True
        made["by"] = earlier[old]["by"]
        made["value"] = self.value(made["by"])
        made["replaces"] = {"measure": old, "wait": self.rng.choice((0, 1, 1))}

    def exclude(self, works: dict[str, Raw]) -> None:
        """Let two measures that are not done and do not need each other exclude each other."""
        free = [name for name, one in works.items() if not one["done"] and not _needs(one)]
        if len(free) >= 2 and self.rng.random() < 0.4:
            one, other = self.rng.sample(free, 2)
            works[one]["excludes"] = [other]

    def milestones(self, works: dict[str, Raw]) -> dict[str, Raw]:
        """One or two milestones."""
        found: dict[str, Raw] = {}
        for index in range(self.rng.choice((1, 1, 2)) if self.chance("milestone", 0.8) else 0):
            members = self.rng.sample(sorted(works), self.rng.randint(1, min(3, len(works))))
            value = {
                name: worth(self.flow(self.rng.choice((1, 1, -1))), self.signed(1) if "once" in self.on else 0)
                for name in self.who
                if self.rng.random() < 0.7
            }
            found[f"m{index + 1}"] = milestone(members, value, works[members[0]]["by"])
        return found

    def detection(self, measures: dict[str, Raw]) -> None:
        """Give hidden measures their chances to be found."""
        works = [name for name, one in measures.items() if one["members"] is None]
        pool = sorted(measures) if "milestone_access" in self.on else works
        for name in works:
            one = measures[name]
            if one["public"] or "detect" not in self.on:
                continue
            one["detect"]["base"] = self.probability()
            access = [other for other in pool if other != name]
            if access and self.rng.random() < 0.7:
                for _ in range(self.rng.choice((1, 2))):
                    some = self.rng.sample(access, min(len(access), self.rng.choice((1, 1, 2))))
                    one["detect"]["with"].append({"measures": some, "detect": self.probability()})

    def sticks(self) -> list[Raw]:
        """Sticks, some of them hollow."""
        found = []
        for index in range(self.rng.choice((1, 2)) if self.chance("sticks", 0.8) else 0):
            by, against = self.rng.sample(self.who, 2)
            own = worth(self.rng.choice(("0", "0", "-0.3", "0.2")), self.rng.choice(("0", "0", "-1")))
            harm = worth(self.signed(-1), self.signed(-1) if "once" in self.on else "0")
            found.append(
                stick(
                    by,
                    against,
                    {by: own, against: harm},
                    id=f"s{index + 1}",
                    delay=self.rng.choice((0, 0, 1, 2)),
                    lasts=self.rng.choice((None, 1, 3)),
                    committed=self.rng.random() < 0.5,
                )
            )
        return found

    def resources(self, works: dict[str, Raw]) -> Raw:
        """One resource that some measures use."""
        if not self.chance("resources", 0.6):
            return {}
        users = self.rng.sample(sorted(works), self.rng.randint(1, len(works)))
        capacity: Any = self.rng.choice((1, 2))
        if self.rng.random() < 0.3:
            capacity = [self.rng.choice((1, 2)) for _ in range(self.periods)]
        return {"teams": {"capacity": capacity, "uses": dict.fromkeys(users, 1)}}

    def groups(self, measures: dict[str, Raw]) -> Raw:
        """Two groups of measures with work."""
        if "groups" not in self.on and "clauses" not in self.on:
            return {}
        works = sorted(name for name, one in measures.items() if one["members"] is None)
        by = "count"
        if "attributes" in self.on:
            by = "points"
            for name in works:
                measures[name]["attributes"] = {"points": self.rng.choice(("1", "2", "0.5"))}
        half = self.rng.randint(1, max(1, len(works) - 1))
        self.rng.shuffle(works)
        return {
            "first": {"members": works[:half], "by": by},
            "second": {"members": works[half:] or works[:1], "by": "count"},
        }

    def clause_text(self, measures: dict[str, Raw]) -> str:
        """A clause of one of the seven forms."""
        rng = self.rng
        x, y = rng.sample(sorted(measures), 2)
        when, after = rng.randrange(self.periods), rng.choice(("", " by 2", " by 0"))
        g, h = rng.sample(["first", "second"], 2)
        p = rng.choice(("0", "0.5", "1", "0.333333333333"))
        return rng.choice(
            (
                f"{x} by {when}",
                f"{x} not before {when}",
                f"{x} before {y}{after}",
                f"never {x}",
                f"share of {g} at least {p} by {when}",
                f"share of {g} at most {p} by {when}",
                f"value of {rng.choice(self.who)} at least {self.signed(rng.choice((-1, 1)))}",
                f"all of {g} before any of {h}",
            )
        )

    def clauses(self, measures: dict[str, Raw]) -> list[Raw]:
        """Clauses of all kinds; about one in five a red line."""
        if "clauses" not in self.on:
            return []
        kinds = ("red-line", "position", "goal", "proposal", "position")
        return [
            {
                "id": f"c{index + 1}",
                "owner": self.rng.choice(self.who),
                "kind": self.rng.choice(kinds),
                "of": self.rng.choice(("x", "y")),
                "strength": self.rng.choice(("must", "must", "want")),
                "weight": self.size(),
                "text": self.clause_text(measures),
            }
            for index in range(self.rng.randint(1, 5))
        ]


def _needs(one: Raw) -> bool:
    return bool(one["after"] or one["replaces"])


def random_case(
    rng: random.Random,
    *,
    parties: tuple[int, int] = (2, 4),
    measures: tuple[int, int] = (2, 6),
    periods: tuple[int, int] = (3, 8),
    features: Collection[str] | None = None,
) -> Raw:
    """A valid resolved case; `measures` counts those with work. With `features` exactly these are on."""
    on = frozenset(features) if features is not None else {one for one in sorted(FEATURES) if rng.random() < 0.6}
    if unknown := on - FEATURES - RARE:
        raise ValueError(f"unknown features: {sorted(unknown)}")
    who = [f"P{index + 1}" for index in range(rng.randint(*parties))]
    draw = _Drawer(rng, on, rng.randint(*periods), who)
    common = draw.discount()
    works = draw.works(rng.randint(*measures))
    every = works | draw.milestones(works)
    draw.detection(every)
    names = sorted(every)
    rng.shuffle(names)
    groups = draw.groups(every)
    return case(
        {name: every[name] for name in names},
        {name: draw.party(common) for name in who},
        periods=draw.periods,
        discount=common,
        no_deal=rng.choice(("collapse", "as-is")) if "no_deal" in on else "collapse",
        sticks=draw.sticks(),
        resources=draw.resources(works),
        groups=groups,
        clauses=draw.clauses(every),
        comparable=draw.chance("comparable", 0.5),
    )


def random_road_map(rng: random.Random, raw: Raw, *, violating: float = 0.15) -> Raw:
    """A road map that mostly respects order and horizon (not always capacity); some violate everything."""
    works = {name: one for name, one in raw["measures"].items() if one["members"] is None and not one["done"]}
    if rng.random() < violating:
        last = raw["periods"] - 1
        return road_map(**{name: rng.randint(0, last) for name in works if rng.random() < 0.8})
    due = {name: -1 for name, one in raw["measures"].items() if one["done"]}
    starts: dict[str, int] = {}
    for name in sorted(works):
        earliest = _earliest(raw, name, due)
        if earliest is None or rng.random() < 0.15:
            continue
        start = earliest + rng.choice((0, 0, 0, 1, 1, 2))
        if start + works[name]["takes"] < raw["periods"]:
            starts[name], due[name] = start, start + works[name]["takes"]
    return road_map(**starts)


def _earliest(raw: Raw, name: str, due: dict[str, int]) -> int | None:
    """The earliest start in order; None if something is missing, or excludes it."""
    one = raw["measures"][name]
    before = [*one["after"], *([one["replaces"]] if one["replaces"] else [])]
    if any(each["measure"] not in due for each in before):
        return None
    for other in due:
        there = raw["measures"][other]
        same = one["replaces"] and there["replaces"]
        if name in there["excludes"] or other in one["excludes"]:
            return None
        if same and one["replaces"]["measure"] == there["replaces"]["measure"]:
            return None
    return max([0] + [due[each["measure"]] + each["wait"] for each in before])


def divide(rng: random.Random, raw: Raw) -> Raw:
    """Give parties of a random case factions, perhaps found a body, and let measures ask for consent."""
    draw = _Drawer(rng, FEATURES - {"flows"}, raw["periods"], list(raw["parties"]))
    raw["factions"], raw["bodies"] = {}, {}
    for name in rng.sample(draw.who, rng.choice((1, 1, 2))):
        party = raw["parties"][name]
        party["ratify"], party["sustain"] = (rng.choice(("0", "0.3", "0.5", "0.6", "0.8", "1")) for _ in range(2))
        for index in range(rng.choice((1, 2, 2, 3))):
            _add_faction(draw, raw, name, f"f{index + 1}-{name}")
    if rng.random() < 0.6:
        votes = {name: rng.choice(("0", "1", "1", "2")) for name in rng.sample(draw.who, rng.randint(1, len(draw.who)))}
        votes[next(iter(votes))] = "1"
        quota = rng.randint(1, sum(int(n) for n in votes.values()))
        raw["bodies"]["council"] = {
            "votes": votes, "quota": str(quota), "vetoes": [name for name in votes if rng.random() < 0.3],
        }  # fmt: skip
    for one in raw["measures"].values():
        if one["members"] is None and rng.random() < 0.25:
            one["consent"] = rng.sample([*draw.who, *raw["bodies"]], 1)
    return raw


def _add_faction(draw: _Drawer, raw: Raw, party: str, name: str) -> None:
    """A faction that is much like its party: some of what things are worth to it is drawn anew."""
    rng, own = draw.rng, raw["parties"][party]
    raw["factions"][name] = {
        "party": party,
        "weight": rng.choice(("0", "1", "1", "2", "0.5")),
        "veto": rng.random() < 0.3,
        "discount": draw.discount() if rng.random() < 0.3 else own["discount"],
        "reserve": draw.signed(rng.choice((-1, 1))) if rng.random() < 0.2 else None,
        "status_quo": draw.signed(1) if rng.random() < 0.2 else own["status_quo"],
    }
    for one in raw["measures"].values():
        if rng.random() < 0.6:
            one["value"][name] = worth(draw.signed(-1 if one["by"] == party else 1))
        elif party in one["value"]:
            one["value"][name] = one["value"][party]
    for one in raw["sticks"]:
        if party in one["value"]:
            one["value"][name] = one["value"][party]
    if raw["groups"] and rng.random() < 0.3:
        demand = {"owner": name, "kind": "position", "of": name, "strength": "must", "weight": "1"}
        raw["clauses"].append({"id": f"{name}-1", **demand, "text": draw.clause_text(raw["measures"])})


@st.composite
def cases_with_road_maps(draw: st.DrawFn, /, **sizes: Any) -> tuple[Raw, Raw]:
    """Hypothesis: (case, road map); `sizes` as for `random_case`."""
    rng = random.Random(draw(st.integers(0, 2**32 - 1)))
    raw = random_case(rng, **sizes)
    return raw, random_road_map(rng, raw)
