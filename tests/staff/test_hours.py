"""Hours of a team: spans, midnight, holidays, summer time; and what config may say of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.hours import DAYS, HoursConfig, Spans, read_spans
from bot.staff.hours import Hours

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def hours(**config: object) -> Hours:
    return Hours.of(HoursConfig.model_validate(config))


SHOP = hours(
    zone="Europe/Berlin",
    open={"mon-fri": "9:00-12:00, 13:00-17:30", "sat": "22:00-02:00"},
    holidays="DE-BE",
)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-30T09:00", True, "2026-11-30T09:00"),
        ("2026-11-30T08:59", False, "2026-11-30T09:00"),
        ("2026-11-30T12:00", False, "2026-11-30T13:00"),
        ("2026-11-30T17:30", False, "2026-12-01T09:00"),
        ("2026-12-05T23:00", True, "2026-12-05T23:00"),  # Saturday night
        ("2026-12-06T01:59", True, "2026-12-06T01:59"),  # Sunday, of Saturday's span
        ("2026-12-06T02:00", False, "2026-12-07T09:00"),
        ("2026-12-25T10:00", False, "2026-12-28T09:00"),  # Christmas, a Friday; Saturday the 26th
        ("2026-03-08T10:00", False, "2026-03-09T09:00"),
        ("2027-03-08T10:00", False, "2027-03-09T09:00"),  # a holiday in Berlin alone
        ("2026-12-24T10:00", True, "2026-12-24T10:00"),
    ],
)
def test_when_somebody_is_there(at: str, is_open: bool, opens: str) -> None:
    assert SHOP.is_open(berlin(at)) is is_open
    assert SHOP.next_opening(berlin(at)) == berlin(opens)


def test_a_span_that_began_before_a_holiday_goes_on_into_it() -> None:
    night = hours(zone="Europe/Berlin", open={"daily": "22:00-02:00"}, holidays="DE")
    assert night.is_open(berlin("2026-12-25T01:00"))
    assert not night.is_open(berlin("2026-12-25T23:00"))
    assert not night.is_open(berlin("2026-12-26T01:00"))


def test_hours_are_those_of_the_clock_on_the_wall_in_summer_and_winter() -> None:
    for month, offset in (("01", 1), ("07", 2)):
        opens = SHOP.next_opening(datetime.fromisoformat(f"2026-{month}-15T00:00:00+00:00"))
        assert opens is not None
        assert opens.hour == 9 - offset


def test_where_nobody_ever_comes_there_is_no_opening() -> None:
    never = Hours(
        "UTC", {"mon": ((540, 600),)}, {date(2026, 1, 5) + timedelta(weeks=n) for n in range(20)}
    )
    assert never.next_opening(datetime(2026, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("start", "end", "worked"),
    [
        ("2026-11-30T11:00", "2026-11-30T14:00", 2.0),
        ("2026-11-27T17:00", "2026-11-30T10:00", 0.5 + 4.0 + 1.0),
        ("2026-11-30T14:00", "2026-11-30T11:00", 0.0),
        ("2026-11-30T18:00", "2026-11-30T19:00", 0.0),
    ],
)
def test_time_counts_while_somebody_is_there(start: str, end: str, worked: float) -> None:
    assert SHOP.seconds_between(berlin(start), berlin(end)) == worked * 3600


minutes = st.integers(0, 24 * 60 - 1)
spans = st.lists(
    st.tuples(minutes, minutes)
    .filter(lambda span: span[0] != span[1])
    .map(lambda span: span if span[0] < span[1] else (span[0], span[1] + 24 * 60)),
    min_size=1,
    max_size=3,
).map(tuple)
weeks = st.dictionaries(st.sampled_from(DAYS), spans, min_size=1)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), weeks, moments, st.integers(0, 400_000), st.integers(0, 400_000))
def test_time_adds_up_and_is_never_more_than_has_passed(
    zone: str, week: dict[str, Spans], start: datetime, first: int, second: int
) -> None:
    there = Hours(zone, week)
    middle = start + timedelta(seconds=first)
    end = middle + timedelta(seconds=second)
    whole = there.seconds_between(start, end)
    assert 0 <= whole <= first + second
    assert whole == there.seconds_between(start, middle) + there.seconds_between(middle, end)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), weeks, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(
    zone: str, week: dict[str, Spans], at: datetime
) -> None:
    there = Hours(zone, week)
    opens = there.next_opening(at)
    assert opens is not None
    assert opens >= at
    assert there.is_open(opens)
    assert there.seconds_between(at, opens) == 0


@given(st.tuples(minutes, minutes).filter(lambda span: span[0] != span[1]))
def test_a_span_is_read_as_it_is_written(span: tuple[int, int]) -> None:
    begins, ends = span
    written = f"{begins // 60}:{begins % 60:02} - {ends // 60:02}:{ends % 60:02}"
    assert read_spans(written) == ((begins, ends if ends > begins else ends + 24 * 60),)


@given(st.text(max_size=12))
def test_any_text_is_a_span_or_a_mistake_that_says_how_to_write_it(text: str) -> None:
    try:
        found = read_spans(text)
    except ValueError as error:
        assert "write " in str(error)  # noqa: PT017 - a property
    else:
        assert all(0 <= begins < ends <= begins + 24 * 60 for begins, ends in found)
