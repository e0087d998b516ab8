"""The proposals side by side with the planner's road map."""

from __future__ import annotations

from collections.abc import Sequence

from detente.case.resolved import Clause
from detente.report import clauses, words
from detente.report.calendar import Calendar
from detente.report.charts.proposals import proposals as chart
from detente.report.content import PLAN_ROW, Compared
from detente.report.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Figure,
    Heading,
    Para,
    Strong,
    Table,
    Text,
    Tone,
    itemised,
    listed,
    subhead,
)
from detente.report.numbers import count, number, percent
from detente.results.audit import Finding
from detente.results.compare import Row

Cells = tuple[Cell | str, ...]


def proposals(content: Compared) -> list[Block]:
    """Verdicts, who leaves, clauses, shares, what is left undone."""
    rows = content.comparison.rows
    if not rows:
        return [Heading(2, "The proposals", "proposals", True), Para("The case has no proposals.")]
    return [
        Heading(2, "The proposals", "proposals", True),
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


def _grouped(content: Compared, cells: dict[int, Cells]) -> tuple[Cells, ...]:
    """Rows under a sub-heading for each proposal; where each has one row only, named in the row itself."""
    names = [r.name for i, r in enumerate(content.comparison.rows) if i in cells]
    single = len(set(names)) == len(names)
    out: list[Cells] = []
    last = None
    for i, row in enumerate(content.comparison.rows):
        if i not in cells:
            continue
        title = "The road map of this brief" if row.name == PLAN_ROW else content.name(row.name)
        if single:
            out.append((title, *cells[i][1:]))
            continue
        if row.name != last:
            last = row.name
            out.append(subhead(title + _tabled(content, row.name)))
        out.append(cells[i])
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
    cells: dict[int, Cells] = {i: _verdict_row(content, r) for i, r in enumerate(content.comparison.rows)}
    return Table(
        "Verdicts",
        columns,
        _grouped(content, cells),
        note="Margin: by how much staying beats the best way of leaving, in the units of the party named; negative "
        "where leaving pays. "
        "Draws: all ranges of the case drawn at random together.",
    )


def _verdict_row(content: Compared, row: Row) -> Cells:
    case, a = content.case, row.audit
    form = _form(content, row)
    if a is None:
        return (form, Cell(row.note or "no such form", span=5 + len(case.principals) + 1 - 1))
    tones: dict[str, Tone] = {"holds": "good", "fails": "bad", "unknown": "open"}
    least = a.least_counted or a.least_margin
    refusing = [case.title(f.party) for f in a.finding("would-not-sign") if f.party]
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
    items: list[Text] = []
    for row in content.comparison.rows:
        if row.audit is None:
            continue
        refused = words.refuses(content.case, row.audit)
        sentences = [words.upper(refused) + "."] if refused else []
        sentences += [_temptation(content, f) for f in words.tempted(row.audit)]
        if sentences:
            items.append((Strong(f"{row_name(content, row)}: "), " ".join(sentences)))
    return [Heading(3, "Who would leave, or not sign", "proposals-why"), Bullets(tuple(items))] if items else []


def _temptation(content: Compared, f: Finding) -> str:
    text = words.upper(words.leaves(content.case, f)) + "."
    hurt = [f"{words.the(content.name(p))} {number(v)}" for p, v in f.losses.items() if v > 0 and p != f.party]
    text += f" That would cost {listed(hurt, 6)}." if hurt else ""
    return text + (f" Cheapest cure found: {f.cure.message}." if f.cure and f.cure.message else "")


def _chart(content: Compared) -> list[Block]:
    drawn = [r for r in content.comparison.rows if r.draws is not None]
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
    cells: dict[int, Cells] = {}
    for i, row in enumerate(content.comparison.rows):
        if row.audit is not None:
            results = {r.id: r for r in row.audit.clauses}
            counts = [words.kept([results[c.id] for c in cs if c.id in results]) for cs in sets.values()]
            cells[i] = (_form(content, row), *(Cell(x, "center") for x in counts))
    columns = (Column("Proposal", 1.8), *(Column(h, 1.0, "center") for h in heads))
    return [Table(caption, columns, _grouped(content, cells))]


def _general(content: Compared) -> list[Block]:
    """Which goals and red lines a proposal keeps or breaks whatever its reading."""
    proposals = [p for p in content.comparison.general_terms if content.comparison.general_terms[p]]
    rows: list[tuple[Cell | str, ...]] = []
    owner = ""
    for c in (c for c in content.case.clauses if c.kind in ("red-line", "goal")):
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
    return [Table(caption, columns, tuple(rows))] if rows else []


_GENERAL: dict[str, Tone] = {"always": "good", "never": "bad"}


def _form(content: Compared, row: Row) -> str:
    return "found by the program" if row.name == PLAN_ROW else words.form(content.case, row)


def _shares(content: Compared) -> list[Block]:
    groups = list(content.case.groups)
    if not groups or not any(r.shares for r in content.comparison.rows):
        return []
    out: list[Block] = []
    parts = -(-len(groups) // 6)
    size = -(-len(groups) // parts)
    for part in range(0, len(groups), size):
        some = groups[part : part + size]
        columns = (Column("Proposal", 1.7), *(Column(content.name(g), 1.0) for g in some))
        cells: dict[int, Cells] = {}
        for i, row in enumerate(content.comparison.rows):
            if row.shares:
                cells[i] = (_form(content, row), *(_share(content, row.shares.get(g, ())) for g in some))
        caption = "What share of each group is done, and by when" + (", continued" if part else "")
        out.append(Table(caption, columns, _grouped(content, cells)))
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
    items: list[Text] = []
    for row in content.comparison.rows:
        if row.audit is not None:
            what = itemised([content.name(k) for k in row.undone], 8) + "." if row.undone else "nothing."
            many = f" ({count(len(row.undone), 'measure')})" if row.undone else ""
            items.append((Strong(f"{row_name(content, row)}{many}: "), what))
    return [Heading(3, "What is left undone", "proposals-undone"), Bullets(tuple(items))] if items else []
