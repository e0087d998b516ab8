"""Periods under the names that people use."""

from datetime import date

from detente.report.calendar import Calendar


def test_quarters_of_the_calendar_have_their_names():
    calendar = Calendar("quarter", 40, date(2019, 4, 1))
    assert [calendar.label(t) for t in (-1, 0, 3, 39, 40)] == [
        "already done",
        "Q2 2019",
        "Q1 2020",
        "Q1 2029",
        "for ever after",
    ]


def test_other_quarters_go_by_their_first_month():
    assert Calendar("quarter", 4, date(2019, 2, 1)).label(1) == "May 2019"


def test_years_and_months():
    assert Calendar("year", 4, date(2030, 1, 1)).label(3) == "2033"
    assert Calendar("year", 4, date(2030, 7, 1)).label(0) == "Jul 2030"
    assert Calendar("month", 30, date(2019, 11, 1)).label(2) == "Jan 2020"


def test_ticks_leave_room_for_their_labels():
    monthly = Calendar("month", 60, date(2019, 11, 1))
    assert monthly.ticks()[0] == 2
    assert len(Calendar("year", 100, date(2000, 1, 1)).ticks()) <= 12


def test_periods_in_a_sentence_are_renamed_and_other_dates_are_left():
    quarters = Calendar("quarter", 4, date(2019, 4, 1))
    assert quarters.respelt("in 2019-Q4, 2029-Q1, 2019-10-02") == "in Q4 2019, 2029-Q1, 2019-10-02"
    assert Calendar("month", 4, date(2019, 4, 1)).respelt("from 2019-05 on") == "from May 2019 on"


def test_sentences():
    calendar = Calendar("quarter", 4, date(2019, 4, 1))
    assert calendar.when(1) == "in Q3 2019"
    assert calendar.when(4) == "once everything is done"
    assert calendar.since(-1) == "from the start"
    assert calendar.span(1) == "1 quarter"
    assert calendar.span(2) == "2 quarters"
