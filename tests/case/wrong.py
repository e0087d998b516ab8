"""One smallest wrong case for each code that a case file can raise."""

from __future__ import annotations

RIGHT = """\
detente: 1
period: quarter
periods: 8
start: 2019-Q2
discount: 0.9
sources:
  s: A document
attributes:
  points: {unit: points}
parties:
  US: {weights: {points: 1}}
  DPRK: {lag: 2}
measures:
  declare: {by: DPRK, takes: 1, undo: never, public: true, facts: {points: 1}, sources: s}
  inspect: {by: DPRK, takes: 0, undo: at once, after: declare, public: true}
  freeze: {by: DPRK, takes: 1, undo: 1, detect: {base: 0.1, with: {measures: inspect, detect: 0.9}}}
  aid: {by: US, takes: 0, undo: at once, value: {DPRK: {flow: 1}}}
milestones:
  quiet: {members: [declare, freeze], value: {US: {once: 1}}}
resources:
  teams: {capacity: 2}
groups:
  all-of-it: {members: [declare, freeze]}
red_lines:
  - {id: r1, owner: US, must: "declare by 2020-Q1"}
road_maps:
  draft: {declare: 0, freeze: 2019-Q4}
"""

WRONG: dict[str, tuple[str, str]] = {
    "DET006": (RIGHT, "  \n"),
    "DET007": ("points: 1}}", "points: 0.45 [0.3, 0.7]}}"),
    "DET008": ("  US:", "\tUS:"),
    "DET009": ("milestones:", "---\nmilestones:"),
    "DET010": ("periods: 8", "periods: !!python/object:os.system 8"),
    "DET012": ("A document", "[" * 41 + "]" * 41),
    "DET013": ("period: quarter", "period: quarter\nperiod: month"),
    "DET014": ("sources:\n", "[a, b]: 1\nsources:\n"),
    "DET015": ("{lag: 2}", "{<<: {lag: 2}}"),
    "DET017": ("start: 2019-Q2", "start:"),
    "DET018": ("detente: 1\n", ""),
    "DET019": ("detente: 1\n", "detente: 2\n"),
    "DET023": ("detente: 1\n", "detente: 1\noverlay: true\n"),
    "DET101": ("takes: 1, undo: never", "takse: 1, takes: 1, undo: never"),
    "DET102": (", undo: never", ""),
    "DET103": ("public: true, facts", "public: yes, facts"),
    "DET104": ("period: quarter", "period: quater"),
    "DET105": ("  aid:", "  5aid:"),
    "DET106": ("flow: 1", "flow: .nan"),
    "DET107": ("discount: 0.9", "discount: 0,9"),
    "DET108": ("discount: 0.9", "discount: 0.9 [0.95, 0.8]"),
    "DET109": ("flow: 1", "flow: 1e400"),
    "DET110": ("{lag: 2}", "{lag: 2 mnths}"),
    "DET111": ("start: 2019-Q2", "start: spring 2019"),
    "DET112": ("facts: {points: 1}", "facts: {points: 1 a year}"),
    "DET201": ("after: declare", "after: delcare"),
    "DET202": ("all-of-it:", "declare:"),
    "DET203": ("undo: never, public", "undo: never, after: [inspect], public"),
    "DET204": ("discount: 0.9", "discount: 1.2"),
    "DET205": ("discount: 0.9\n", ""),
    "DET206": ("base: 0.1", "base: 10"),
    "DET207": ("lag: 2", "lag: 0"),
    "DET208": ("lag: 2", "exit_cost: -1"),
    "DET209": ("value: {DPRK: {flow: 1}}", "replaces: declare, public: true"),
    "DET210": ("members: [declare, freeze], value", "members: [], value"),
    "DET211": ("resources:", "sticks: [{id: k, by: US, against: US}]\nresources:"),
    "DET212": ("takes: 1, undo: 1", "takes: 8, undo: 1"),
    "DET213": ("takes: 0, undo: at once, after", "done: true, undo: at once, after"),
    "DET214": ("periods: 8", "periods: 0"),
    "DET215": ("start: 2019-Q2", "start: 2019-04-15"),
    "DET216": ("lag: 2", "status_quo: {2020-Q1: 1}"),
    "DET217": ("lag: 2", "discount: 0.9, hazard: 0.1"),
    "DET218": ("takes: 0, undo: at once, value", "takes: 0, tranches: [0.5, 0.4], undo: at once, value"),
    "DET219": ("after: declare", "after: declare, excludes: declare"),
    "DET220": ("{members: [declare, freeze]}", "{members: [freeze], by: points}"),
    "DET221": ("takes: 1, undo: 1", "takes: 1, uses: {teams: 3}, undo: 1"),
    "DET301": ("declare by 2020-Q1", "declare until 2020-Q1"),
    "DET302": ("declare by 2020-Q1", "delcare by 2020-Q1"),
    "DET303": ("declare by 2020-Q1", "declare by 2030-Q1"),
    "DET304": ("declare by 2020-Q1", "share of all-of-it at least 50 by 3"),
    "DET402": ("freeze: 2019-Q4", "freez: 2019-Q4"),
    "DET403": ("freeze: 2019-Q4", "quiet: 2019-Q4"),
    "DET404": ("freeze: 2019-Q4", "freeze: 2018-Q4"),
    "DET601": ("lag: 2", "lag: 1 month"),
    "DET602": (", sources: s}", "}"),
    "DET603": ("resources:", "sticks: [{id: k, by: US, against: DPRK, value: {US: {flow: -1}}}]\nresources:"),
    "DET604": (", value: {DPRK: {flow: 1}}", ""),
    "DET605": ("takes: 0, undo: at once, value", "takes: 0, done: true, undo: at once, value"),
    "DET606": ("takes: 1, undo: 1", "takes: 6, after: [{measure: inspect, wait: 4}], undo: 1"),
}
"""For each code what to change in the right case to raise it."""

RATE_ONCE = RIGHT.replace("points: 1}}", "points: 1 a year}}").replace("facts: {points", "facts_once: {points")
"""DET222 takes two changes."""


def wrong_text(code: str) -> str:
    """The wrong case for a code."""
    if code == "DET222":
        return RATE_ONCE
    old, new = WRONG[code]
    assert old in RIGHT, code
    return RIGHT.replace(old, new, 1)
