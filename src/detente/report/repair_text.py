"""A repair as text for a terminal, and in a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.resolved import ResolvedCase
from detente.report.numbers import number
from detente.report.repair_words import (
    OF_TERMS,
    about,
    broken,
    change,
    cost,
    failed,
    hardship,
    headline,
    proof,
    same_steps,
    title,
    wrong,
)
from detente.report.rounds_text import AsWritten
from detente.report.text import Names, table, wrapped
from detente.results.repair import Alternative, Repair


def repair_text(repair: Repair, case: ResolvedCase | None = None) -> str:
    """What was wrong, each way to mend it with its changes, reasons and price, and what led to nothing."""
    names = Names(case)
    head, told = headline(repair, names)
    lines = [head, *wrapped(told)]
    if repair.reading:
        lines += wrapped(f"Tabled in general terms; mending starts from {repair.reading}.")
    if repair.outcome != "holds":
        lines += ["", "As tabled"]
        for one in wrong(repair):
            lines += wrapped(f"- {one}", "  ")
    for n, a in enumerate(repair.alternatives, 1):
        lines += ["", *_alternative(n, a, repair, names)]
    if repair.alternatives:
        lines += ["", *wrapped(f"Gain: over no deal, each at its own discount and in its own units. {hardship(case)}")]
    failures = failed(repair)
    if failures:
        lines += ["", "What else was tried"]
        for one in failures:
            lines += wrapped(f"- {one}.", "  ")
    return "\n".join(lines)


def repair_html(repair: Repair, case: ResolvedCase | None = None) -> str:
    """The same in a notebook, with the two texts drawn."""
    from detente.report import html
    from detente.report.sections.repair import repair_section

    if case is None:
        import html as escape

        return f"<pre>{escape.escape(repair_text(repair))}</pre>"
    return html.fragment(list(repair_section(repair, case)))


def _alternative(n: int, a: Alternative, repair: Repair, names: Names) -> Iterator[str]:
    yield from wrapped(f"{n}. {title(a)}: {cost(a, names)}", "   ")
    told = " ".join(x for x in (proof(a), about(a, repair)) if x)
    yield from wrapped(f"   {told}", "   ") if told else ()
    same = same_steps(n, repair.alternatives)
    if same is not None:
        yield f"   Steps as in {same}."
    yield from _changes(a, names, only_terms=same is not None)
    if n == 1:
        yield from _whole(a, repair, names)
    if same is None:
        yield from _price(a, names)
    if a.settings:
        yield from wrapped(f"   Under these terms: {' '.join(f'--set {s}' for s in a.settings)}", "     ")


def _changes(a: Alternative, names: Names, *, only_terms: bool) -> Iterator[str]:
    """Each change, and what happens without it."""
    for c in (c for c in a.changes if not only_terms or c.kind in OF_TERMS):
        yield from wrapped(f"   * {change(c, names)}", "     ")
        if c.without is not None:
            yield from wrapped(f"     if not: {c.without.message}", "       ")


def _whole(a: Alternative, repair: Repair, names: Names) -> Iterator[str]:
    """The tabled text beside the mended one, step by step."""
    tabled, new = repair.tabled.road_map.starts, a.road_map.starts
    rows = [["    ", "tabled", "mended", "step"]]
    order = {k: i for i, k in enumerate([*tabled, *new])}
    begin = {k: tabled.get(k, new.get(k, 0)) for k in order}
    for k in sorted(order, key=lambda k: (begin[k], order[k])):
        sign = "   *" if tabled.get(k) != new.get(k) else "    "
        before = names.when(tabled[k]) if k in tabled else "-"
        now = names.when(new[k]) if k in new else "dropped"
        rows.append([sign, before, now, names.of(k)])
    yield ""
    yield from table(rows, "llll")


def _price(a: Alternative, names: Names) -> Iterator[str]:
    """For each party what it gains before and after, and the clauses it loses and wins."""
    rows = [[" ", "gain as tabled", "mended", "clauses broken", "weight", "kept anew", "party"]]
    for p, t in a.tolls.items():
        if t.before is None and not t.broken and not t.kept:
            continue
        before, after = (number(x) if x is not None else "" for x in (t.before, t.after))
        lost = [str(len(t.broken)), number(t.weight)] if t.broken else ["", ""]
        rows.append([" ", before, after, *lost, str(len(t.kept) or ""), names.of(p)])
    yield ""
    yield from table(rows, "lrrrrrl")
    dates = AsWritten.of(names.case) if names.case is not None else None
    for one in broken(a, names, dates):
        yield from wrapped(f"   broken, {one}", "     ")
