"""Many worlds as text for a terminal, and in a notebook."""

from __future__ import annotations

from detente.case.resolved import ResolvedCase
from detente.report import worlds_words as told
from detente.report.binding_words import binding_told
from detente.report.calendar import Calendar
from detente.report.matters_words import boxes_told, driver_told, finding_out_told, influence_told
from detente.report.numbers import percent
from detente.report.text import Names, table, wrapped
from detente.results.worlds import LEVELS, Trust, Worlds

MOST_DRIVERS, MOST_DATES = 5, 8
LOW, HIGH = LEVELS.index(0.25), LEVELS.index(0.75)


def worlds_text(found: Worlds, case: ResolvedCase | None = None) -> str:
    """Whether it holds, who leaves when and how, what trust lacks, what is reached, what to find out first."""
    names = Names(case)
    name = f": {names.of(found.road_map.name)}" if found.road_map.name else ""
    lines = [*wrapped(f"WORLDS{name}"), *wrapped(told.headline(found)), *wrapped(told.first_of_all(found, names))]
    lines += ["", *_leaves(found, names), "", *wrapped(told.survival_told(found, names))]
    for x in found.trust:
        lines += ["", *_trust(x, names)] if not told.needs_little(x) else []
    lines += ["", *wrapped(told.little_told(found, names))] if told.little_told(found, names) else []
    lines += ["", *wrapped(told.NEEDED_ONE), "", *wrapped(binding_told(found, names))]
    lines += _goals(found, names)
    if told.larger_told(found):
        lines += ["", *wrapped(told.larger_told(found))]
    lines += [*_matters(found, names), "", *wrapped(told.drawn(found))]
    lines += wrapped(told.left_out_told(found)) if found.left_out else []
    return "\n".join(lines)


def _leaves(found: Worlds, names: Names) -> list[str]:
    rows = [["party", "leaves in", "none before", "by itself it would leave, most often (share of worlds)"]]
    for party in told.parties(found):
        own = told.leaves_of(found, party)
        shares = [percent(sum(x.share for x in own)), percent(sum(x.first for x in own))]
        rows.append([names.of(party), *shares, told.moments(found, party, names)])
    return table(rows, "lrrl")


def _trust(x: Trust, names: Names) -> list[str]:
    lines = wrapped(f"Trust: {told.trust_told(x, names)}", "  ")
    rows = [["  when", "needed", "25 to 75 %", "earned", "by", "credible in", "no trust would do in"]]
    for t in dates(x, names):
        enough, band = (
            f"{x.where_enough[told.MEDIAN][t]:.2f}",
            f"{x.where_enough[LOW][t]:.2f} to {x.where_enough[HIGH][t]:.2f}",
        )
        if x.beyond[t] >= 1:
            enough = band = "-"
        whose = x.whose[t]
        rows.append([
            f"  {names.when(t)}", enough, band, f"{x.earned[t]:.2f}",
            "-" if whose is None else names.of(whose), percent(told.stays(x, t)), percent(x.beyond[t]),
        ])  # fmt: skip
    return [*lines, *table(rows, "lrrrlrr")]


def dates(x: Trust, names: Names) -> list[int]:
    """The dates at which trust is shown: the least credible one, that of the largest change between two periods,
    year by year, and for ever after."""
    last = len(x.credible) - 1
    if names.case is None:
        years = list(range(0, last, max(1, last // MOST_DATES)))
    else:
        years = Calendar.of(names.case).ticks(MOST_DATES)
    credible = [told.stays(x, t) for t in range(last + 1)]
    turn = max(range(1, last + 1), key=lambda t: abs(credible[t] - credible[t - 1]), default=0)
    return sorted({0, *years, told.weakest(x), turn, last})


def _goals(found: Worlds, names: Names) -> list[str]:
    rows = [["  goal", "whose", "reached before anybody leaves, share of worlds"]]
    rows += [[f"  {names.of(x.goal)}", names.of(x.party), told.goal_told(x)] for x in found.goals]
    goals = ["", "Goals:", *table(rows, "lll")] if found.goals else []
    hidden = told.hidden_told(found)
    return [*goals, *(["", *wrapped(hidden)] if hidden else [])]


def _matters(found: Worlds, names: Names) -> list[str]:
    lines: list[str] = []
    strong = [d for d in found.drivers if d.clear][:MOST_DRIVERS]
    if strong:
        lines += ["", "What it hangs on most:"]
        lines += [line for d in strong for line in wrapped(f"- {driver_told(d, 'nobody leaves')}", "  ")]
    if found.influences:
        lines += ["", "By itself, and through others (parts of what varies in whether nobody leaves):"]
        lines += [line for i in found.influences for line in wrapped(f"- {influence_told(i)}", "  ")]
    if found.boxes is not None:
        lines += ["", "When it breaks:"]
        lines += [line for s in boxes_told(found.boxes, "It breaks", "breaks") for line in wrapped(f"- {s}", "  ")]
    heads = told.finding_out_heads(found, names)
    for (party, titles), one in zip(heads, found.finding_out, strict=True):
        lines += ["", f"What to find out first, for {party}:"]
        said = finding_out_told(one, party, titles, 3)
        lines += [line for s in said for line in wrapped(s, "   " if s[:1].isdigit() else "")]
    return lines


def worlds_html(found: Worlds, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the charts where the case is known."""
    from detente.report import html
    from detente.report.charts.survival import survival
    from detente.report.charts.trust_worlds import trust_worlds
    from detente.report.document import Block, Bullets, Callout, Figure, Para

    names = Names(case)
    title = names.of(found.road_map.name) if found.road_map.name else "The road map"
    blocks: list[Block] = [Callout(title, f"{told.headline(found)} {told.first_of_all(found, names)}", "plain")]
    if case is not None:
        sentences = " ".join([told.trust_told(x, names) for x in found.trust if not told.needs_little(x)])
        blocks += [
            Figure(trust_worlds(found, case), "Trust needed and earned.", sentences),
            Figure(survival(found, case), "Who has left first, by when.", told.survival_told(found, names)),
        ]
    goals = tuple(f"{names.of(x.goal)}: {told.goal_told(x)}" for x in found.goals)
    blocks += [
        Para(binding_told(found, names)),
        *([Bullets(goals)] if goals else []),
        Para(f"{told.drawn(found)} {told.left_out_told(found)}".strip()),
    ]
    return html.fragment(blocks)
