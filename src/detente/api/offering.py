"""Verbs of a negotiation under way: offers put on record, and what they have come to."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

from detente.api.arguments import PLAN_SECONDS, Arguments, clock, listed
from detente.api.reading import CaseLike, load, resolve
from detente.errors import Diagnostic, InputError
from detente.results.rounds import Rounds

if TYPE_CHECKING:
    from detente.case.rounds import Round


def add_round(
    case: CaseLike,
    by: str,
    clauses: Sequence[Mapping[str, Any]] | str | os.PathLike[str] | None = None,
    *,
    proposal: str | None = None,
    name: str = "",
    date: str = "",
    note: str = "",
    sources: str | Sequence[str] = (),
    record: str | os.PathLike[str] | None = None,
) -> Round:
    """Add an offer of party ``by`` to the record of a case; nothing in the record is ever changed.

    ``clauses`` are mappings such as ``{"must": "declare by 2020-Q4"}`` or a file that holds them; or those of a
    ``proposal`` or position of the case are taken. ``record`` names the file; it lies beside the case where silent, and
    of a shipped case in the working directory. Raises :class:`InputError`, and adds nothing, if anything is wrong.
    """
    from detente.case import rounds_writing as writing
    from detente.case.rounds import places

    given = Arguments()
    given.kind("by", by, str, "the name of a party")
    given.kind("clauses", clauses, (Sequence, os.PathLike, NoneType), "clauses as mappings, or a file")
    given.kind("proposal", proposal, (str, NoneType), "the name of a proposal or position of the case")
    for key, text in (("name", name), ("date", date), ("note", note)):
        given.kind(key, text, str, "text")
    given.names("sources", sources, "names of sources of the case")
    given.kind("record", record, (str, os.PathLike, NoneType), "a file")
    given.check()
    if (clauses is None) == (proposal is None):
        fix = "give either clauses, or the name of a proposal of the case"
        raise InputError([Diagnostic("DET503", "the offer needs its clauses in exactly one way", fix=fix)])
    loaded = load(case)
    if proposal is not None:
        offer = writing.from_case(loaded, proposal)
    elif isinstance(clauses, str | os.PathLike):
        offer = writing.from_file(Path(clauses))
    else:
        offer = writing.from_mappings(clauses or ())
    added = writing.Added(by, name, date, note, listed(sources), proposal or "")
    return writing.add_round(loaded, offer, added, places(loaded, None if record is None else Path(record)))[0]


def rounds(
    case: CaseLike,
    *,
    record: str | os.PathLike[str] | None = None,
    between: Sequence[str] = (),
    head: str = "",
    text: bool = True,
    margin: float = 0.001,
    time_limit: float | None = PLAN_SECONDS,
    work_limit: int | None = None,
    report: Callable[[str], None] | None = None,
    stop: threading.Event | None = None,
) -> Rounds:
    """The offers recorded for a case: how far apart, who conceded what, and a single text to table next.

    ``record`` as in :func:`add_round`; ``between`` names two parties where the record holds more than two. With a
    ``head`` that was noted before (``Rounds.head``, or ``hash`` of the round that was the last)
    :class:`InputError` is raised unless all offers up to it stand as they did. With
    ``text`` the certified road map closest to both last offers is sought, by the limits of :func:`plan` (the work limit
    counts for each of three searches). ``report`` hears what is being done; setting ``stop`` ends the search.
    """
    from detente.bargain.rounds import rounds as work
    from detente.bargain.single_text import Sought
    from detente.case.rounds import recorded

    given = Arguments()
    given.kind("record", record, (str, os.PathLike, NoneType), "a file")
    given.names("between", between, "names of two parties")
    given.kind("head", head, str, "a hash")
    given.searching(margin, time_limit, work_limit)
    given.check()
    loaded = load(case)
    resolve(loaded)
    time_limit = clock(time_limit, work_limit, PLAN_SECONDS)
    offers = recorded(loaded, None if record is None else Path(record))
    unchanged = offers.unchanged(head) if head else None
    sought = Sought((), margin, time_limit, work_limit, stop=stop) if text else None
    return replace(work(loaded.resolved, offers, between, sought, report), unchanged=unchanged)
