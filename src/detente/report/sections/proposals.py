"""The proposals side by side with the planner's road map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from detente.case.resolved import Clause
from detente.report import clauses, words
from detente.report.calendar import Calendar
from detente.report.charts.proposals import proposals as chart
from detente.report.content import PLAN_ROW, Compared
from detente.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Para,
    Table,
    Tone,
    itemised,
    listed,
    subhead,
)
from detente.report.numbers import number, percent
from detente.results.audit import Finding
from detente.results.compare import Row

Cells = tuple[Cell | str, ...]


def proposals(content: Compared) -> list[Block]:
    """Verdicts, who leaves, clauses, shares, what is left undone."""
    rows = content.comparison.rows
    if not rows:
        return [Heading(2, "The proposals", "proposals"), Para("The case has no proposals.")]
    return [
        Heading(2, "The proposals", "proposals"),
        Para(
            "A proposal in general terms stands for every road map that satisfies it. It is shown as each principal "
            "would like to read it, and in the best form that holds, if there is one. Values are each party’s own "
            "units and are not comparable between parties; “no deal” is what the party gets without any agreement."
        ),
        *overview(content),
        *_clauses(content),
        *_shares(content),
        *_undone(content),
    ]


def overview(content: Compared) -> list[Block]:
    """Verdicts, who leaves, how often each would stand."""
    return [_verdicts(content), *_why(content), *_chart(content)]


def row_name(content: Compared, row: Row) -> str:
    """The proposal and its form."""
    if row.name == PLAN_ROW:
        return "The road map of this brief"
    return f"{content.name(row.name)}: {words.form(content.case, row)}"


def _told(content: Compared) -> frozenset[int]:
    """The rows to dwell on: each proposal as written and in its best form, and the road map of the brief."""
    rows = content.comparison.rows
    some = [r for name in dict.fromkeys(r.name for r in rows) for r in words.told([x for x in rows if x.name == name])]
    return frozenset(i for i, r in enumerate(rows) if any(r is x for x in some))


def _grouped(content: Compared, cells: Mapping[tuple[int, int], Cells]) -> tuple[Cells, ...]:
    """Rows under a sub-heading for each proposal; where each has one row only, named in the row itself.

    Keys are the row's place in the comparison and, where it has several lines, the line's.
    """
    rows = content.comparison.rows
    names = [rows[i].name for i, _ in cells]
    single = len(set(names)) == len(names)
    out: list[Cells] = []
    last = None
    for i, line in sorted(cells):
        row, shown = rows[i], cells[i, line]
        title = "The road map of this brief" if row.name == PLAN_ROW else content.name(row.name)
        if single:
            out.append((title, *shown[1:]))
            continue
        if row.name != last:
            last = row.name
            out.append(subhead(title + _tabled(content, row.name)))
        out.append(shown if line == 0 else ("", *shown[1:]))
    return tuple(out)


def _tabled(content: Compared, name: str) -> str:
    note = content.proposals.get(name)
    if note is None:
        return ""
    who = content.name(note.by) if note.by else ""
    by = ", ".join(x for x in (who, note.date) if x)
    return f" ({by})" if by else ""


def _verdicts(content: Compared) -> Table:
    principals = content.case.principals
    columns = (
        Column("Proposal", 1.7),
        Column("Verdict", 0.8),
        Column("Signed", 0.8),
        Column("Weakest moment", 1.5),
        Column("Margin there", 0.8, "right"),
        *(Column(f"{content.name(p)}: worth / no deal", 1.2, "right") for p in principals),
        Column("Signed and holds, of draws", 0.9, "right"),
    )
    cells: dict[tuple[int, int], Cells] = {
        (i, 0): _verdict_row(content, r) for i, r in enumerate(content.comparison.rows)
    }
    return Table(
        "Verdicts",
        columns,
        _grouped(content, cells),
        note="Margin: by how much staying beats the best way of leaving, in the units of the party named; negative "
        "where leaving pays. "
        "Draws: all ranges of the case drawn at random together." + _cut_short(content),
    )


def _cut_short(content: Compared) -> str:
    """Which readings are the best found, not the best."""
    cut = [row_name(content, r) for r in content.comparison.rows if r.audit is not None and "may exist" in r.note]
    return f" A better one may exist, as the search was cut short, of: {itemised(cut)}." if cut else ""


def _verdict_row(content: Compared, row: Row) -> Cells:
    case, a = content.case, row.audit
    form = _form(content, row)
    if a is None:
        return (form, Cell(words.no_form(row), span=5 + len(case.principals)))
    tones: dict[str, Tone] = {"holds": "good", "fails": "bad", "unknown": "open"}
    least = a.least_counted or a.least_margin
    refusing = [case.title(name) for name in words.refusing_all(case, a)]
    signed = Cell("yes", tone="good") if a.signed else Cell(f"no: {listed(refusing)}" if refusing else "no", tone="bad")
    values = tuple(
        Cell(
            f"{number(a.V[p][0])} / {number(a.reserve.get(p))}",
            "right",
            "bad" if a.V[p][0] < a.reserve.get(p, a.V[p][0]) else "plain",
        )
        for p in case.principals
    )
    draws = percent(row.draws.both) if row.draws else "–"
    return (
        form,
        Cell(words.VERDICTS[a.verdict], tone=tones[a.verdict]),
        signed,
        words.weakest(case, a),
        Cell(number(least.value) if least else "–", "right"),
        *values,
        Cell(draws, "right"),
    )


def _why(content: Compared) -> list[Block]:
    """Who would leave when, how, and at whose cost; of a principal's own reading only the gravest."""
    some = _told(content)
    cells: dict[tuple[int, int], Cells] = {}
    for i, row in enumerate(content.comparison.rows):
        if row.audit is None:
            continue
        full = i in some
        found = words.tempted(row.audit)
        if not full:
            found = sorted(found, key=lambda f: -(f.gain or 0.0))[:1]
        for n, f in enumerate(found):
            cells[i, n] = _leaver(content, row, f, full)
    if not cells:
        return []
    refusals = [words.refuses(content.case, r.audit) for r in content.comparison.rows if r.audit]
    columns = (
        Column("Proposal", 1.5),
        Column("Who leaves", 1.0),
        Column("When", 0.7),
        Column("How", 2.2),
        Column("Gains", 0.6, "right"),
        Column("What the others lose", 2.2),
    )
    note = (
        "Each party’s gravest temptation, in its own units; for a principal’s own reading only the "
        "gravest of all, and what it costs the other."
    )
    note += " Who would not sign stands in the table of verdicts." if any(refusals) else ""
    return [Table("Who would leave", columns, _grouped(content, cells), note, dense=True)]


def _leaver(content: Compared, row: Row, f: Finding, full: bool) -> Cells:
    case = content.case
    how = words.upper(words.breach(case, f.breach).removeprefix("by ")) if f.breach is not None else "Leaving"
    shown = case.parties if full else case.principals
    lost = [f"{content.name(p)} {number(v)}" for p, v in f.losses.items() if v > 0 and p != f.party and p in shown]
    if full and f.cure and f.cure.message:
        how += f". Cheapest cure found: {f.cure.message}"
    return (
        _form(content, row),
        content.name(f.party or ""),
        Calendar.of(case).label(f.period or 0),
        how,
        Cell(number(f.gain), "right"),
        listed(lost, 6) or "–",
    )


def _chart(content: Compared) -> list[Block]:
    some = _told(content)
    drawn = [r for i, r in enumerate(content.comparison.rows) if i in some and r.draws is not None]
    if not drawn:
        return []
    n = drawn[0].draws.n if drawn[0].draws else 0
    spec = chart([(row_name(content, r), r.draws) for r in drawn if r.draws is not None])
    alt = "; ".join(
        f"{row_name(content, r)}: signed {percent(r.draws.signed)}, holds {percent(r.draws.holds)}, both "
        f"{percent(r.draws.both)}"
        for r in drawn
        if r.draws
    )
    return [
        Heading(3, "How often each would stand", "proposals-draws"),
        Figure(
            spec,
            f"Share of {words.draws(n)} of all uncertain numbers in which each is signed by all, holds, and both.",
            alt,
        ),
    ]


def _clauses(content: Compared) -> list[Block]:
    counted = (("Red lines and goals kept", ("red-line", "goal")), ("Positions kept", ("position",)))
    tables = [t for caption, kinds in counted for t in _kept(content, caption, kinds)]
    return [*tables, *_general(content)]


def _kept(content: Compared, caption: str, kinds: tuple[str, ...]) -> list[Block]:
    """How many clauses of each side each row keeps."""
    sets: dict[tuple[str, str], list[Clause]] = {}
    for c in content.case.clauses:
        if c.kind in kinds:
            sets.setdefault((c.owner, c.kind), []).append(c)
    if not sets:
        return []
    heads = [
        f"{content.name(o)}{': red lines' if k == 'red-line' else ': goals' if k == 'goal' else ''}" for o, k in sets
    ]
    some = _told(content)
    cells: dict[tuple[int, int], Cells] = {}
    for i, row in enumerate(content.comparison.rows):
        if i in some and row.audit is not None:
            results = {r.id: r for r in row.audit.clauses}
            counts = [words.kept([results[c.id] for c in cs if c.id in results]) for cs in sets.values()]
            cells[i, 0] = (_form(content, row), *(Cell(x, "center") for x in counts))
    columns = (Column("Proposal", 1.8), *(Column(h, 1.0, "center") for h in heads))
    return [Table(caption, columns, _grouped(content, cells), dense=True)]


def _general(content: Compared) -> list[Block]:
    """Which goals and red lines a proposal keeps or breaks whatever its reading."""
    proposals = [p for p in content.comparison.general_terms if content.comparison.general_terms[p]]
    rows: list[tuple[Cell | str, ...]] = []
    owner = ""
    owners = list(dict.fromkeys(c.owner for c in content.case.clauses))
    binding = [c for c in content.case.clauses if c.kind in ("red-line", "goal")]
    for c in sorted(binding, key=lambda c: owners.index(c.owner)):
        found = [content.comparison.general_terms[p].get(c.id, "") for p in proposals]
        if not any(found):
            continue
        if c.owner != owner:
            owner = c.owner
            rows.append(subhead(content.name(owner)))
        kind = "Red line" if c.kind == "red-line" else "Goal"
        cells = (Cell(word or "–", "center", _GENERAL.get(word, "plain")) for word in found)
        rows.append((f"{kind}: {clauses.sentence(content.case, c)}", *cells))
    columns = (Column("Clause", 2.4), *(Column(content.name(p), 1.0, "center") for p in proposals))
    caption = "Goals and red lines in all readings of a proposal: kept always, never, or depending on the reading"
    return [Table(caption, columns, tuple(rows), dense=True)] if rows else []


_GENERAL: dict[str, Tone] = {"always": "good", "never": "bad"}


def _form(content: Compared, row: Row) -> str:
    return "found by the program" if row.name == PLAN_ROW else words.form(content.case, row)


def _shares(content: Compared) -> list[Block]:
    groups = list(content.case.groups)
    if not groups or not any(r.shares for r in content.comparison.rows):
        return []
    shown = _told(content)
    out: list[Block] = []
    parts = -(-len(groups) // 6)
    size = -(-len(groups) // parts)
    for part in range(0, len(groups), size):
        some = groups[part : part + size]
        columns = (Column("Proposal", 1.7), *(Column(content.name(g), 1.0) for g in some))
        cells: dict[tuple[int, int], Cells] = {}
        for i, row in enumerate(content.comparison.rows):
            if i in shown and row.shares:
                cells[i, 0] = (_form(content, row), *(_share(content, row.shares.get(g, ())) for g in some))
        caption = "What share of each group is done, and by when" + (", continued" if part else "")
        out.append(Table(caption, columns, _grouped(content, cells), dense=True))
    return out


def _share(content: Compared, series: Sequence[float]) -> str:
    if not series:
        return "–"
    most = max(series)
    if most <= 0:
        return "none"
    by = next(t for t, s in enumerate(series) if s == most)
    calendar = Calendar.of(content.case)
    if all(s == most for s in series):
        return f"{percent(most)} from the start"
    return f"{percent(most)} by {calendar.label(by)}"


def _undone(content: Compared) -> list[Block]:
    some = _told(content)
    cells: dict[tuple[int, int], Cells] = {}
    for i, row in enumerate(content.comparison.rows):
        if i in some and row.audit is not None:
            what = itemised([content.name(k) for k in row.undone], _FIRST) if row.undone else "nothing"
            cells[i, 0] = (_form(content, row), Cell(str(len(row.undone)), "right"), what)
    columns = (Column("Proposal", 1.5), Column("Measures", 0.7, "right"), Column("The first of them", 6.0))
    return [Table("What is left undone", columns, _grouped(content, cells), dense=True)] if cells else []


_FIRST = 4
"""Names shown of what is left undone; all of them are in the comparison's JSON."""
