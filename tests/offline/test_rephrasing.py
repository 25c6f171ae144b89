"""Turns of phrase come out in the plain forms that the later stages read."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.rephrasing import rephrased, rephrased_change


def said(text: str, *, change: bool = False) -> str:
    masked = mask(text)
    plain = (rephrased_change if change else rephrased)(masked.text)
    return masked.unmask(plain)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('No rows? Log "x".', 'if there are no rows, Log "x".'),
        ('Is it empty? Log "x".', 'if it is empty, Log "x".'),
        ('Does it contain "a"? Log "x".', 'if it contains "a", Log "x".'),
        ('Log "a" for a status of 200 and "b" for everything else',
         'If the status is 200, Log "a". Otherwise, Log "b"'),
        ('Row by row, log "x"', 'for each row, log "x"'),
        ('Write "x" to the log', 'log "x"'),
        ('Trigger: a mail arrives. Action: log "x".', 'When a mail arrives, log "x".'),
        ('Ping at six in the morning', "Ping at 6 am"),
    ],
)  # fmt: skip
def test_a_turn_of_phrase_is_put_plainly(text: str, plain: str) -> None:
    assert said(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Do it for acme/web instead", "use acme/web instead"),
        ("The channel is wrong, it is #b", "the channel should be #b"),
        ("Between the two, wait a minute", "after the first step, wait a minute"),
    ],
)
def test_a_turn_of_phrase_of_a_change_is_put_plainly(text: str, plain: str) -> None:
    assert said(text, change=True) == plain


@pytest.mark.parametrize("text", ['Read a.csv, then log "no rows?"', "Fetch https://a.example"])
def test_what_is_plain_stays(text: str) -> None:
    assert said(text) == text
