"""The forms of texts: what a run would read is let pass, what it would not is found."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.verification.formats import FORMATS, format_problem, near_time_zones
from flowloom.verification.sql_texts import sql_problem

GOOD: dict[str, tuple[str, ...]] = {
    "email": ("a@b.org", "first.last+tag@sub.example.co.uk", "root@localhost", "jürgen@exämple.de"),
    "uri": (
        "https://example.org/a?b=c#d",
        "http://localhost:8080/x",
        "http://[::1]/a",
        "s3://bucket/key",
        "mailto:a@b.org",
        "urn:isbn:0451450523",
        "tel:+4930123",
    ),
    "date": ("2026-02-28", "2028-02-29"),
    "date-time": (
        "2026-03-01T09:00:00Z",
        "2026-03-01T09:00:00.5+02:00",
        "2026-03-01",
        "Sun, 1 Mar 2026 09:00 GMT",
    ),
    "time": ("09:00", "23:59:59", "09:00:00Z"),
    "duration": ("PT5M", "P1DT2H", "P2W", "5m", "2 hours", "1h 30m", "1 day, 2 hours", "90 s"),
    "timezone": ("Europe/Berlin", "UTC", "America/Argentina/Salta"),
    "cron": ("0 9 * * 1-5", "*/15 * * * *", "0 9 L * *", "0 9 * jan-mar mon#2", "0 0 29 2 *"),
    "regex": ("[a-z]+", r"(?P<n>\d+)", "[[a]"),
    "hostname": ("example.org", "localhost", "a-b.example"),
    "ipv4": ("10.0.0.1",),
    "ipv6": ("::1", "fe80::1"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000",),
}
BAD: dict[str, tuple[str, ...]] = {
    "email": (
        "ops",
        "ops@",
        "@b.org",
        "a b@c.org",
        "a@b",
        "a@b..org",
        "a@-b.org",
        "a@b.org, c@d.org",
    ),
    "uri": (
        "example.com/a",
        "http//example.com",
        "https://",
        "http:/example.com",
        "https://a b.org",
        "example.com:8080/a",
        "localhost:80",
        "htp://example.com",
        "http://example.com:port/",
    ),
    "date": ("2026-02-30", "24.12.2026", "20260101", "tomorrow", "2026-1-1"),
    "date-time": ("2026-13-01T00:00:00Z", "2026-01-01T25:00:00Z", "next monday", "soon"),
    "time": ("25:00", "9", "noon"),
    "duration": ("5 minuets", "soon", "P", "PT", "5", "-3s", "P1H"),
    "timezone": ("Europe/Seoul", "CEST time", "UTC+9", ""),
    "cron": (
        "0 9 * * 5-1",
        "0 25 * * *",
        "* * * *",
        "0 0 9 * * 1-5",
        "every morning",
        "0 9 * * 8",
        "*/0 * * * *",
        "0 0 30 2 *",
        "@daily",
        "0 9 * mai *",
    ),
    "regex": ("([0-9]+", "*abc", "[z-a]", "a{99999999999999999999}"),
    "hostname": ("-a.org", "a..b", "a b"),
    "ipv4": ("10.0.0.256", "10.0.0", "::1"),
    "ipv6": ("10.0.0.1", "fe80::1::2"),
    "uuid": ("123e4567e89b12d3a456426614174000", "not-one"),
}


@pytest.mark.parametrize(("form", "text"), [(f, t) for f, texts in GOOD.items() for t in texts])
def test_a_good_text_passes(form: str, text: str) -> None:
    assert format_problem(text, {"format": form}) is None


@pytest.mark.parametrize(("form", "text"), [(f, t) for f, texts in BAD.items() for t in texts])
def test_a_bad_text_is_refused(form: str, text: str) -> None:
    assert f"is no {form}" in (format_problem(text, {"format": form}) or "")


def test_every_format_has_both() -> None:
    assert set(GOOD) == set(BAD) == set(FORMATS)


@given(st.sampled_from(sorted(FORMATS)), st.text(max_size=40))
def test_no_text_makes_a_format_fail(form: str, text: str) -> None:
    said = format_problem(text, {"format": form})
    assert said is None or said.endswith(f"is no {form}.")


SEVERAL = {"format": "email", "x-separator": ","}


def test_several_in_one_text_where_the_schema_says_so() -> None:
    assert format_problem("Ada <ada@b.org>, c@d.org,", SEVERAL) is None
    assert format_problem("ada@b.org, c@", SEVERAL) == "'c@' is no email."


def test_a_wrong_time_zone_leads_to_the_right_one() -> None:
    assert near_time_zones("Europe/Seoul")[0] == "Asia/Seoul"
    assert near_time_zones("Europe/Berlni")[0] == "Europe/Berlin"


SQL_GOOD = (
    "select * from t where a = :x and b = ? and c = %s and d = %(n)s and e = $1 and f = @g",
    "insert into t (a) values (:a) on conflict do nothing",
    "SELECT * FROM t WHERE a LIKE '%s' -- a note",
    "with x as (delete from t returning *) select * from x",
    "select `a` from `t`",
    "select top 5 * from [my table]",
    "select data->>'a', b::int from t",
    "begin; update t set a = 1; commit",
    "pragma table_info(t)",
    "explain select 1",
    "vacuum",
    "call cleanup(1)",
    "upsert into t values (1)",
    "merge into t using s on t.a = s.a when matched then update set a = 1",
)
SQL_BAD = (
    "selec * from orders",
    "select from where",
    "select * from orders where (a = 1",
    "select 'open from orders",
    "get all the orders",
    "select * form orders",
    "update t set a = 1 where",
    "hello",
    " ",
)


@pytest.mark.parametrize("text", SQL_GOOD)
def test_sql_of_any_common_dialect_passes(text: str) -> None:
    assert sql_problem(text) is None


@pytest.mark.parametrize("text", SQL_BAD)
def test_what_no_dialect_reads_is_no_sql(text: str) -> None:
    assert sql_problem(text)


def test_a_named_dialect_is_the_only_one() -> None:
    schema = {"format": "sql", "x-dialect": "postgres"}
    assert format_problem("select a::int from t", schema) is None
    assert "no SQL that parses" in (format_problem("select top 5 * from `t`", schema) or "")
    assert format_problem("select 1", {**schema, "x-dialect": "no such dialect"}) is None


@given(st.text(max_size=60))
def test_no_text_makes_the_sql_check_fail(text: str) -> None:
    assert sql_problem(text) != ""


def test_the_sql_parser_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, flowloom.verification.verifier as v;"
        "from flowloom.verification.registry import rules; rules();"
        "assert 'sqlglot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
