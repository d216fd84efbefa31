from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moments import parse_date, parse_when
from core.values import InvalidValue

MEXICO = ZoneInfo("America/Mexico_City")


def at(*parts, tz=MEXICO):
    return datetime(*parts, tzinfo=tz)


class TestParseWhen:
    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("26-02-2018 19:58", at(2018, 2, 26, 19, 58)),
            ("01-02-2018", at(2018, 2, 1)),
            ("1/2/2018", at(2018, 2, 1)),
            ("01.02.2018", at(2018, 2, 1)),
            ("2018-02-01", at(2018, 2, 1)),
            ("2018/02/01 09:05", at(2018, 2, 1, 9, 5)),
            ("2018-02-01 9:05", at(2018, 2, 1, 9, 5)),
            ("  2018-02-01T09:05:07 ", at(2018, 2, 1, 9, 5, 7)),
            ("2018-02-01T09:05:07.123456789", at(2018, 2, 1, 9, 5, 7, 123456)),
            ("2026-03-15T09:00:00Z", at(2026, 3, 15, 9, tz=UTC)),
            ("2026-03-15T09:00:00.000Z", at(2026, 3, 15, 9, tz=UTC)),
            ("2026-03-15t09:00z", at(2026, 3, 15, 9, tz=UTC)),
            ("2026-03-15T09:00:00-06:00", at(2026, 3, 15, 15, tz=UTC)),
            ("2026-03-15T09:00:00+0530", at(2026, 3, 15, 3, 30, tz=UTC)),
            ("15/03/2026, 09:05:30", at(2026, 3, 15, 9, 5, 30)),
            ("15/03/2026 09:05 p. m.", at(2026, 3, 15, 21, 5)),
            ("15/03/2026 09:05\u202fp.\u00a0m.", at(2026, 3, 15, 21, 5)),
            ("15/03/2026 12:05 AM", at(2026, 3, 15, 0, 5)),
            ("15/03/2026 12:05pm", at(2026, 3, 15, 12, 5)),
            ("29-02-2024", at(2024, 2, 29)),
            ("1900-01-01", at(1900, 1, 1)),
            ("2200-12-31 23:59:59", at(2200, 12, 31, 23, 59, 59)),
        ],
    )
    def test_reads_what_people_and_exports_write(self, text, moment):
        assert parse_when(text, MEXICO) == moment

    def test_reads_a_time_without_offset_in_the_zone_given(self):
        assert parse_when("15-03-2026 09:00", MEXICO).tzinfo is MEXICO
        assert parse_when("15-03-2026 09:00", UTC) == at(2026, 3, 15, 9, tz=UTC)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "must be a date"),
            ("mañana", "must be a date"),
            ("43157", "must be a date"),
            ("2018-02", "must be a date"),
            ("2018-02/01", "must be a date"),
            ("15-03-2026 9h", "must be a date"),
            ("٢٠١٨-٠٢-٠١", "must be a date"),
            ("2018-02-01" + " " * 10_000_000, "must be a date"),
            (20180201, "written as text"),
            (None, "written as text"),
            (date(2018, 2, 1), "written as text"),
            ("01-02-18", "four digits"),
            ("18-02-01", "four digits"),
            ("123-02-01", "four digits"),
            ("2018-02-0001", "four digits"),
            ("99999-01-01", "must be a date"),
            ("1899-12-31", "1900 to 2200"),
            ("31/12/9999", "1900 to 2200"),
            ("0000-00-00", "1900 to 2200"),
            ("30/02/2018", "day that does not exist"),
            ("02/13/2018", "day that does not exist"),
            ("2018-02-01 24:00", "time that does not exist"),
            ("2018-02-01 13:00 pm", "time that does not exist"),
            ("2018-02-01 09:00+25:00", "time that does not exist"),
            ("2018-02-01 09:00+05:75", "time that does not exist"),
            ("2018-02-01 09:00 CST", "time that cannot be read"),
            ("2018-02-01 09:00:00\0", "time that cannot be read"),
        ],
        ids=lambda value: repr(value)[:30],
    )
    def test_says_why_it_refuses(self, text, reason):
        with pytest.raises(InvalidValue, match=reason):
            parse_when(text, MEXICO)

    @given(
        st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)),  # noqa: DTZ001 - zones follow
        st.integers(-23 * 60, 23 * 60),
    )
    def test_reads_back_every_iso_moment(self, naive, minutes):
        moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
        assert parse_when(moment.isoformat(), MEXICO) == moment
        assert parse_when(f"{naive:%d/%m/%Y %H:%M:%S.%f}", MEXICO) == naive.replace(tzinfo=MEXICO)

    @given(st.text(alphabet="0123456789-/.: TZ+apm", max_size=40))
    def test_has_no_other_error(self, text):
        try:
            moment = parse_when(text, MEXICO)
        except InvalidValue:
            return
        assert moment.astimezone(UTC) == moment


class TestParseDate:
    @pytest.mark.parametrize(
        "text",
        ["26-02-2018", "26/2/2018", "2018-02-26", "2018-02-26T23:30:00Z", "26-02-2018 19:58"],
    )
    def test_is_the_day_as_written(self, text):
        assert parse_date(text) == date(2018, 2, 26)

    @given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
    def test_reads_back_every_day(self, day):
        assert parse_date(day.isoformat()) == parse_date(f"{day:%d-%m-%Y}") == day
