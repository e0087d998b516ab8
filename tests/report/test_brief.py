"""The brief: self-contained, the same every time, true to the results, and safe with whatever a user wrote."""

import dataclasses
import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise

import pytest

from detente.case.resolved import Clause
from detente.case.road_map import RoadMap
from detente.report import html, pdf, words
from detente.report.brief import document, write_brief
from detente.report.document import Bullets, Cell, Figure, Heading, Table, flat
from detente.report.numbers import number, percent, signed
from tests.report.synthetic import big_case, big_road_map, content_of, no_plan, tiny_case, walk_out_of

HOSTILE = '<script>alert(1)</script> #set page("a0") $x^2$ "q" \'s\' \\ & {{x}} *b* _i_ `c` @ref [l] // -- 한국'


@pytest.fixture(scope="module")
def content():
    return content_of(big_case(), big_road_map())


@pytest.fixture(scope="module")
def doc(content):
    return document(content)


@pytest.fixture(scope="module")
def page(doc):
    return html.page(doc)


class Reader(HTMLParser):
    """Collects tags, ids, references and text, and checks that tags close in order."""

    VOID = frozenset({"meta", "col", "br", "hr", "img", "link", "input"})

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.ids, self.references, self.words = [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)
        for key, value in attributes:
            if key == "id":
                self.ids.append(value)
            if key in ("href", "src", "xlink:href", "action", "poster", "data", "srcset"):
                self.references.append(value)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open[-1:]):
            self.words.append(data)


def tables(doc):
    return [b for b in doc.blocks() if isinstance(b, Table)]


def table(doc, caption):
    return next(t for t in tables(doc) if t.caption.startswith(caption))


def rows(t):
    return [[flat(c.text) if isinstance(c, Cell) else c for c in row] for row in t.rows]


def test_the_page_refers_to_nothing_outside_itself(page):
    reader = Reader(page)
    assert reader.open == []
    assert all(r.startswith("#") for r in reader.references)
    assert {r[1:] for r in reader.references} <= set(reader.ids)
    assert not {"script", "link", "iframe", "object", "embed", "img"} & {tag for tag, _ in reader.tags}
    assert all(u.startswith(("data:", "#")) for u in re.findall(r"url\(['\"]?([^'\")]+)", page))
    assert "@import" not in page


def test_ids_are_unique_though_the_page_holds_many_drawings(page):
    ids = Reader(page).ids
    assert len(ids) == len(set(ids))


def test_it_can_be_read_without_seeing(page, doc):
    tags = Reader(page).tags
    assert ("html", {"lang": "en"}) in tags
    drawings = [a for tag, a in tags if tag == "svg"]
    assert len(drawings) == sum(isinstance(b, Figure) for b in doc.blocks())
    assert all(a["role"] == "img" and a["aria-label"] for a in drawings)
    assert all("scope" in a for tag, a in tags if tag == "th")
    assert sum(tag == "caption" for tag, _ in tags) == len(tables(doc))
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_sections_come_in_reading_order(doc):
    anchors = [b.anchor for b in doc.blocks() if isinstance(b, Heading) and b.level == 2]
    order = "summary words proposals road-map goals margins trust walk-out positions assumptions sources method"
    assert " ".join(anchors) == order


def test_verdicts_show_the_numbers_of_the_audits(content, doc):
    shown = [r for r in rows(table(doc, "Verdicts")) if len(r) > 2]
    results = [r for r in content.comparison.rows if r.audit is not None]
    assert len(shown) == len(results)
    for cells, row in zip(shown, results, strict=True):
        a = row.audit
        assert cells[1] == {"holds": "Holds", "fails": "Fails", "unknown": "Unknown"}[a.verdict]
        assert cells[2].startswith("yes" if a.signed else "no")
        assert cells[4] == number(a.least_counted.value)
        assert cells[5:7] == [f"{number(a.V[p][0])} / {number(a.reserve[p])}" for p in content.case.principals]
        assert cells[7] == percent(row.draws.both)


def test_a_form_that_does_not_exist_says_so(doc):
    assert ["best form that holds", "No certified completion exists."] in rows(table(doc, "Verdicts"))


def test_why_there_is_no_such_form_is_told_without_the_words_of_the_search():
    written = "".join((files("detente.bargain") / name).read_text(encoding="utf-8") for name in NOTES_FROM)
    for note, told in words.NO_FORM.items():
        assert f'"{note}"' in written
        assert told.startswith(("Proved:", "Not known:"))
        assert told.split(":")[0].lower() == note.split(":")[0]


NOTES_FROM = ("compare.py", "readings.py")


def test_the_summary_fits_one_page_though_there_are_six_proposals(content):
    some = [r for r in content.comparison.rows if r.name == "hanoi-offer"]
    names = [f"Coal and textiles for Yongbyon and enrichment, as reported on {n} October" for n in range(1, 7)]
    more = tuple(dataclasses.replace(r, name=name) for name in names for r in some)
    comparison = dataclasses.replace(content.comparison, rows=(*more, content.plan_row()))
    about = "After the summit of Hanoi one side wants weapons gone; the other wants its economy back. " * 4
    doc = document(dataclasses.replace(content, comparison=comparison, about=about))
    assert pdf.pages(dataclasses.replace(doc, body=())).count(b"/MediaBox") == 1
    assert all(name in flat(item) for name, item in zip(names, proposals_in_summary(doc), strict=True))


def proposals_in_summary(doc):
    return next(b for b in doc.lead if isinstance(b, Bullets)).items


def test_the_summary_says_of_a_proposal_whether_it_holds_who_leaves_and_how_often_it_stands(doc):
    first = flat(proposals_in_summary(doc)[0])
    assert first.startswith(
        "North Korea's offer at Hanoi, 2019-02-28. As written, it does not hold: the United States would not sign, and "
    )
    assert "(stands in 0 %). No certified completion exists." in first


def test_in_the_summary_not_knowing_of_a_form_that_holds_names_what_is_not_known(content):
    note = "not known: none was found before a limit was reached"
    some = tuple(dataclasses.replace(r, note=note) if r.audit is None else r for r in content.comparison.rows)
    doc = document(dataclasses.replace(content, comparison=dataclasses.replace(content.comparison, rows=some)))
    told = "Whether a form of it holds is not known: none was found in the time allowed."
    assert flat(proposals_in_summary(doc)[0]).endswith(told)


def test_only_what_to_dwell_on_is_told_at_length(content, doc):
    shown = rows(table(doc, "What is left undone"))
    told = words.told([r for r in content.comparison.rows if r.name == "hanoi-offer"])
    assert [r.completion for r in told] == ["as-written", "best-certified"]
    general = words.told([r for r in content.comparison.rows if r.name == "big-deal"])
    assert [r.completion for r in general] == ["best-for:US", "best-for:DPRK"]
    best = next(r for r in content.comparison.rows if r.name == "good-enough")
    first = "; ".join(content.name(k) for k in best.undone[:4])
    assert ["best form that holds", "7", f"{first}; and 3 more"] in shown


def test_who_would_leave_shows_when_how_and_for_how_much(content, doc):
    row = content.comparison.rows[0]
    f = row.audit.finding("tempted")[0]
    cells = rows(table(doc, "Who would leave"))[0]
    assert cells[0] == "North Korea's offer at Hanoi"
    assert cells[1] == content.name(f.party)
    assert cells[3].startswith("Pretending to do “")
    assert cells[3].endswith("Cheapest cure found: an exit cost of at least 12.5")
    assert cells[4] == number(f.gain)


def test_parties_with_no_part_in_the_talks_leave_in_a_line(content):
    case = content.case
    leaving = walk_out_of(case, content.plan.road_map, {"US": 3, "DPRK": 12, "ROK": 8, "China": 9})
    least = dataclasses.replace(content.plan.audit.least_counted, party="China")
    audit = dataclasses.replace(content.plan.audit, least_counted=least)
    plan = dataclasses.replace(content.plan, audit=audit)
    doc = document(dataclasses.replace(content, walk_out=leaving, plan=plan))
    full = [b.text for b in doc.blocks() if isinstance(b, Heading) and "walks out:" in b.text]
    assert [text.split(" walks")[0] for text in full] == ["United States", "North Korea", "China"]
    (line,) = rows(table(doc, "If another party walks out"))
    assert line[:4] == ["South Korea", "Q2 2021", "82.5", "59.8"]
    assert "never begin" in line[4]


def test_steps_show_the_dates_of_the_road_map(content, doc):
    shown = {r[3]: r[:3] for r in rows(table(doc, "Steps")) if len(r) == 5}
    for k, start in content.plan.starts.items():
        begin = f"Q{(start + 1) % 4 + 1} {2019 + (start + 1) // 4}"
        end = start + content.case.measures[k].takes + 1
        assert shown[content.name(k)][:2] == [begin, f"Q{end % 4 + 1} {2019 + end // 4}"]
    assert "All of Yongbyon is gone" in shown


def test_weakest_moments_show_the_margins(content, doc):
    audit = content.plan.audit
    for cells in rows(table(doc, "Weakest moments")):
        party = next(p for p in content.case.parties if content.name(p) == cells[0])
        counted = [m for m, v in zip(audit.margin[party], audit.vacuous[party], strict=True) if not v]
        assert cells[2] == signed(min(counted))
        assert cells[4:] == [number(x) for x in audit.terminal_stake[party]]


def test_a_walk_out_shows_both_values(content, doc):
    shown = [t for t in tables(doc) if t.caption.startswith("What it is worth to each")]
    for t, departure in zip(shown, content.walk_out.departures, strict=True):
        for cells, p in zip(rows(t), content.case.parties, strict=True):
            assert cells[2:] == [number(departure.value_stay[p]), number(departure.value_leave[p])]


def test_assumptions_show_every_number_with_range_source_and_reason(content, doc):
    shown = [r for t in tables(doc) if t.columns[-1].head in ("Reason", "Sources") for r in rows(t) if len(r) > 1]
    assert len(shown) == len(content.assumptions)
    assert ["Programme", "0.45", "0.3 to 0.7", "points", "low", "wp-2019", content.assumptions[0].why] in shown


def test_the_summary_says_how_sure(content, page):
    words = " ".join("".join(Reader(page).words).split())
    draws = content.plan_row().draws
    assert f"signed by all in {percent(draws.signed)} of the draws, held in {percent(draws.holds)}" in words
    assert f"was signed and held in {percent(draws.both)}" in words


def test_the_best_found_is_not_called_the_best(content):
    told = "whether there is a better one was not settled"
    settled = dataclasses.replace(content, plan=dataclasses.replace(content.plan, gap=0.0))
    assert told in "".join(Reader(html.page(document(content))).words)
    assert told not in "".join(Reader(html.page(document(settled))).words)


def test_same_content_same_bytes(content, tmp_path):
    first, second = write_brief(content, tmp_path / "a"), write_brief(content, tmp_path / "b" / "c")
    assert first.pdf.read_bytes() == second.pdf.read_bytes()
    assert first.html.read_bytes() == second.html.read_bytes()
    assert first.summary == second.summary
    assert first.outcome == "plan"
    assert first.pdf.read_bytes().startswith(b"%PDF")


def hostile_content():
    case = tiny_case()
    titles = dict.fromkeys([*case.measures, *case.parties, case.name, "good-enough"], HOSTILE)
    clause = Clause("c<1>", "north", "goal", HOSTILE, "must", f"freeze by 3 {HOSTILE}")
    case = dataclasses.replace(case, titles=titles, clauses=(clause,))
    content = content_of(case, RoadMap({"freeze": 0, "aid": 2}))
    assumption = dataclasses.replace(
        content.assumptions[0], text=HOSTILE, unit=HOSTILE, why=HOSTILE, sources=(HOSTILE,)
    )
    return dataclasses.replace(
        content, about=HOSTILE, assumptions=(assumption,), date=HOSTILE, abouts={HOSTILE: HOSTILE}
    )


def test_what_a_user_wrote_stays_text():
    doc = document(hostile_content())
    page = html.page(doc)
    reader = Reader(page)
    assert "script" not in {tag for tag, _ in reader.tags}
    assert HOSTILE in "".join(reader.words)
    small = pdf.pages(dataclasses.replace(doc, body=()))
    assert b"/MediaBox [0 0 595" in small or b"/MediaBox[0 0 595" in small
    assert pdf.pages(doc) == pdf.pages(doc)


def test_proved_absence_and_not_knowing_are_never_confused():
    for outcome, said, never in (
        ("none-exists", "this is proved", "not known"),
        ("unknown", "whether one exists is not known", "this is proved"),
    ):
        content = content_of(big_case(), None, no_plan(outcome))
        doc = document(content)
        words = "".join(Reader(html.page(doc)).words)
        assert said in words
        assert never not in words
        assert "road map of this brief" not in words.lower()
        assert pdf.pages(doc).startswith(b"%PDF")


def test_a_case_of_two_steps(tmp_path):
    content = content_of(tiny_case(), RoadMap({"freeze": 0, "aid": 2}))
    written = write_brief(content, tmp_path)
    words = "".join(Reader(written.html.read_text(encoding="utf-8")).words)
    assert "It has 2 measures by north and south, begins in 2020 and is complete in 2022." in words


def test_an_empty_road_map_says_what_it_is():
    words = "".join(Reader(html.page(document(content_of(tiny_case(), RoadMap({}))))).words)
    assert "nobody does anything" in words
