"""How the judge's answers look in a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from rich.console import Console
from rich.table import Table
from rich.text import Text

from detente.audit.words import amount, at, backing, how, moment
from detente.case.resolved import ResolvedCase
from detente.results.audit import Audit, Breach, Finding
from detente.results.differences import Differences, Standing
from detente.results.verification import Verification
from detente.results.why import Part, Why

STYLES = {"holds": "bold green", "fails": "bold red", "unknown": "bold yellow"}
GRAVE = ("out-of-order", "over-capacity", "past-horizon", "tempted", "loses-support", "would-not-sign",
         "not-ratified", "no-consent")  # fmt: skip
MOST = 40
"""Disagreements shown."""


def _console() -> Console:
    return Console(highlight=False)


def _say(console: Console, text: Text, hang: int = 0) -> None:
    """A paragraph, without blanks at the ends of lines; all lines but the first are indented by ``hang``."""
    for n, line in enumerate(text.wrap(console, console.width - hang)):
        line.rstrip()
        console.print((Text(" " * hang) if n else Text()) + line, soft_wrap=True)


def print_audit(answer: Audit, case: ResolvedCase, *, cures: bool = True) -> None:
    """Verdict first, then the weakest moment, the parties, the findings."""
    console = _console()
    name = f' "{case.title(answer.road_map.name)}"' if answer.road_map.name else ""
    _say(console, Text(answer.verdict.upper(), STYLES[answer.verdict]) + Text(f": the road map{name}"))
    _say(console, Text(answer.reason))
    least = answer.least_margin
    if least is not None and answer.verdict != "holds":
        told = f"Weakest moment: {case.title(least.party)} {at(case, least.period)}, margin {amount(least.value)}."
        _say(console, Text(told))
    _say(console, Text(_standing(answer)))
    console.print()
    _print_parties(console, answer, case)
    _print_votes(console, answer, case)
    _print_findings(console, answer, case, cures)


def _standing(answer: Audit) -> str:
    parts = [
        "signed by all" if answer.signed else "not signed by all",
        "binding clauses kept" if answer.clauses_kept else "a binding clause is broken",
        "certified" if answer.certified else "not certified",
    ]
    return ("; ".join(parts) + ".").capitalize()


def _print_votes(console: Console, answer: Audit, case: ResolvedCase) -> None:
    """Who in each party is behind it, and whose consent it has."""
    if answer.factions:
        table = Table(box=None, pad_edge=False)
        for head, right in (
            ("faction", False),
            ("of", False),
            ("weight", True),
            ("supports it", False),
            ("least", True),
        ):
            table.add_column(head, justify="right" if right else "left")
        for name, view in answer.factions.items():
            weight = f"{float(case.factions[name].weight):g}{', veto' * case.factions[name].veto}"
            least = min(view.margin, default=None)
            when = backing(case, view.supports) + ", for its demands" * bool(view.broken)
            cells = (case.title(name), case.title(view.party), weight, when)
            table.add_row(*(Text(x) for x in (*cells, "" if least is None else amount(least))))
        console.print()
        console.print(table)
        _say(console, Text("supports it: going on beats leaving by its numbers, and its demands are kept.", "dim"))
    if answer.consents:
        told = {True: "given", False: "not given", None: "not known"}
        console.print()
        _say(console, Text(f"Consent: {'; '.join(f'{case.title(n)} {told[x]}' for n, x in answer.consents.items())}."))


LEAVING = ("worth", "no deal", "margin", "when", "best breach")
STAYING = ("exposed", "trust", "end", "needs")
LEFT = ("party", "when", "best breach")
"""Columns of words; the others are of numbers."""
LEGENDS = (
    "margin: the least, by how much going on beats the best breach begun then",
    "exposed: most it loses by going on while another leaves; trust: most it must trust the others; end, needs: what "
    "it loses by leaving after the end, and must lose",
)


def _print_parties(console: Console, answer: Audit, case: ResolvedCase) -> None:
    """A line for each party: what it gets, its weakest moment, what is at stake; in two tables if one is too wide."""
    cells = {party: _cells(answer, case, party) for party in answer.V}
    whole = _parties((*LEAVING, *STAYING), cells, case)
    if console.measure(whole, options=console.options.update(max_width=1_000)).maximum <= console.width:
        console.print(whole)
        _say(console, Text(f"{'; '.join(LEGENDS)}.", "dim"))
        return
    for n, (heads, legend) in enumerate(zip((LEAVING, STAYING), LEGENDS, strict=True)):
        if n:
            console.print()
        console.print(_parties(heads, cells, case))
        _say(console, Text(f"{legend}.", "dim"))


def _parties(heads: Sequence[str], cells: Mapping[str, Mapping[str, Text]], case: ResolvedCase) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("party")
    for head in heads:
        table.add_column(head, justify="left" if head in LEFT else "right", no_wrap=True)
    for party, mine in cells.items():
        if any(head in mine for head in heads):
            table.add_row(Text(case.title(party)), *(mine.get(head, Text()) for head in heads))
    return table


def _cells(answer: Audit, case: ResolvedCase, party: str) -> dict[str, Text]:
    """What is told of a party, by column."""
    told = {"worth": amount(answer.V[party][0]), "no deal": amount(answer.reserve[party])}
    if party in answer.bystanders:
        return {head: Text(text) for head, text in {**told, "best breach": "bystander"}.items()}
    margin = answer.margin[party]
    t = min(range(len(margin)), key=lambda t: margin[t])
    has, needs = answer.terminal_stake[party]
    told |= {
        "when": moment(case, t), "best breach": _short(answer.best_breach[party][t]),
        "exposed": amount(max(answer.exposure[party])), "trust": f"{max(answer.trust_needed[party]):.0%}",
        "end": amount(has), "needs": amount(needs),
    }  # fmt: skip
    cells = {head: Text(text) for head, text in told.items()}
    return {**cells, "margin": Text(amount(margin[t]), "red" if margin[t] < 0 else "")}


def _short(breach: Breach) -> str:
    """``walks out``, ``pretends 2``, ``undoes 1``."""
    if breach.how == "walk":
        return "walks out"
    pretends = [f"pretends {len(breach.fakes)}"] * bool(breach.fakes)
    return ", ".join(pretends + [f"undoes {len(breach.undoes)}"] * bool(breach.undoes))


def _print_findings(console: Console, answer: Audit, case: ResolvedCase, cures: bool) -> None:
    """Findings in full; wants that are not kept only by number."""
    bound = {f.message for f in answer.findings if f.kind == "clause-broken" and " and binds: " in f.message}
    shown = [f for f in answer.findings if f.kind != "clause-broken" or f.message in bound]
    for f in shown:
        _print_finding(console, f, cures)
    wants = Counter(
        f.party or "nobody" for f in answer.findings if f.kind == "clause-broken" and f.message not in bound
    )
    if wants:
        told = ", ".join(f"{case.title(party)} {n}" for party, n in wants.items())
        console.print()
        _say(console, Text(f"Wants not kept (positions, goals; --json lists them): {told}."))


def _print_finding(console: Console, f: Finding, cures: bool) -> None:
    console.print()
    _say(console, Text(f.kind, "bold red" if f.kind in GRAVE else "bold") + Text(f": {f.message}"), 2)
    if f.cure is not None:
        _say(console, Text("  cure: ", "bold green") + Text(f.cure.message + "."), 4)
    elif f.kind == "tempted" and cures:
        _say(console, Text("  cure: no single change that was tried cures it."), 4)


def print_why(answer: Why, case: ResolvedCase) -> None:
    """Totals, then what each thing adds to them."""
    console = _console()
    console.print(Text(f"{case.title(answer.party)} {at(case, answer.period)}: staying is worth {_money(answer.stay)}, "
                       f"walking out {_money(answer.walk)}."))  # fmt: skip
    console.print(
        Text(f"Its best breach is {how(case, answer.best)}, worth {_money(answer.breach)}{_then(answer, case)}.")
    )
    console.print(Text(f"Margin: {_money(answer.margin)}."))
    console.print()
    table = Table(box=None, pad_edge=False)
    table.add_column("what")
    covert = answer.best.how == "covert"
    for head in ("staying", "walking out", *(("best breach",) if covert else ()), "difference"):
        table.add_column(head, justify="right")
    table.add_column("if it leaves")
    for p in sorted(answer.parts, key=lambda p: -abs(p.stay - p.breach)):
        cells = [_money(p.stay), _money(p.walk), *([_money(p.breach)] if covert else []), _money(p.stay - p.breach)]
        table.add_row(Text(_name(p, case)), *cells, Text(p.note))
    totals = [
        _money(answer.stay),
        _money(answer.walk),
        *([_money(answer.breach)] if covert else []),
        _money(answer.margin),
    ]
    table.add_section()
    table.add_row(Text("total", "bold"), *totals, "")
    console.print(table)


def _money(x: Fraction) -> str:
    return amount(float(x))


def _name(p: Part, case: ResolvedCase) -> str:
    return {"status-quo": "status quo", "exit-cost": "exit cost"}.get(p.kind, case.title(p.name))


def _then(answer: Why, case: ResolvedCase) -> str:
    if answer.best.how == "walk":
        return ""
    return (
        " (until caught)" if answer.walks is None else f" (walking out {at(case, answer.walks)} unless caught before)"
    )


def print_verification(result: Verification, file: str, case: str) -> None:
    """Whether it agrees, every difference, and what was looked at and what was not."""
    console = _console()
    _say(console, _headline(result, file, case))
    differ = [d for d in result.disagreements if result.same_case or d.where != "case_hash"]
    for d in differ[:MOST]:
        _say(console, Text(f"  {d.where}: written {d.written}, found {d.found}"), 4)
    if len(differ) > MOST:
        console.print(Text(f"  and {len(differ) - MOST} more"))
    _say(console, Text(f"  checked from scratch: {', '.join(result.checked)}"), 4)
    for told in result.unchecked:
        _say(console, Text("  not checked: ", "bold") + Text(told), 4)


def _headline(result: Verification, file: str, case: str) -> Text:
    """Agreement, difference, another case, or nothing that can be seen by judging."""
    count = len(result.disagreements)
    if not result.same_case:
        hashes = next(d for d in result.disagreements if d.where == "case_hash")
        rest = f"; judged by this one, it differs in {count - 1} more place{'s' * (count != 2)}" if count > 1 else ""
        return Text("ANOTHER CASE", "bold red") + Text(
            f": {file} was written for a case with the hash {_brief(hashes.written)}, {case} has {_brief(hashes.found)}"
            f"{rest}"
        )
    if count:
        return Text("DIFFERS", "bold red") + Text(f": {file} differs from its case in {count} place{'s' * (count > 1)}")
    if result.outcome == "none-exists":
        return Text("NOT PROVED HERE", "bold yellow") + Text(
            f": {file} says that no road map is certified, which cannot be seen by judging; nothing contradicts it"
        )
    if result.outcome == "unknown":
        return Text("NOTHING TO CHECK", "bold yellow") + Text(f": {file} says only that no road map was found in time")
    return Text("AGREES", "bold green") + Text(f": {file} is what its case says, as far as it was checked")


def _brief(digest: str) -> str:
    told = digest.strip("'")
    return told if len(told) <= 16 else f"{told[:12]}…"


def print_differences(answer: Differences, case: ResolvedCase) -> None:
    """Both verdicts, then what each difference does alone and in order."""
    console = _console()
    for head, standing in (("first", answer.first), ("second", answer.second)):
        told = Text(standing.verdict, STYLES[standing.verdict]) + Text(f", {_signed(standing)}. {standing.reason}")
        _say(console, Text(f"{head}: ") + told, 2)
    if not answer.steps:
        console.print(Text("They do not differ in anything that is judged."))
        return
    for s in answer.steps:
        flips = " (decides alone)" if s.flips_alone else " (decides in order)" if s.flips_in_order else ""
        console.print()
        _say(console, Text(s.what) + Text(flips, "bold"), 2)
        _say(console, Text("  alone: ") + _stands(s.alone, case), 4)
        if len(answer.steps) > 1:
            _say(console, Text("  with all before it: ") + _stands(s.so_far, case), 4)
    console.print()
    if answer.largest is not None:
        _say(console, Text(f"Moves the least margin most by itself: {answer.largest.what}."))
    else:
        _say(console, Text("None of them moves the least margin by itself, as far as it can be compared."))


def _signed(s: Standing) -> str:
    return "signed" if s.signed else "not signed"


FLAWS = {"out-of-order": "out of order", "over-capacity": "over capacity", "past-horizon": "not done by the end"}


def _stands(s: Standing, case: ResolvedCase) -> Text:
    """Verdict and least margin; of a road map that is out of order that, since its margins mean little."""
    told = ""
    if s.flaw:
        told = f": it is {FLAWS[s.flaw]}"
    elif s.least is not None:
        told = f", least margin {amount(s.least.value)} ({case.title(s.least.party)}, {moment(case, s.least.period)})"
    return Text(s.verdict, STYLES[s.verdict]) + Text(f"{told}, {_signed(s)}")
