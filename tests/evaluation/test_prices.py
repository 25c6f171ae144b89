"""What models cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.errors import ConfigError, StorageError
from flowloom.evaluation.prices import read_prices
from flowloom.evaluation.samples import Spent

SPENT = Spent(input_tokens=1_000_000, output_tokens=100_000)


def test_the_package_has_prices_with_a_date() -> None:
    table = read_prices()
    assert table.as_of
    assert table.cost("offline", SPENT) == 0
    assert table.cost("openai:gpt-4o-mini", SPENT) == pytest.approx(0.15 + 0.06)
    assert table.cost("gpt-4o-2024-08-06", SPENT) == pytest.approx(2.5 + 1.0)


def test_a_model_without_a_price_has_no_cost() -> None:
    assert read_prices().cost("my-own-model", SPENT) is None


def test_a_users_prices_come_first(tmp_path: Path) -> None:
    own = tmp_path / "prices.yaml"
    own.write_text("as_of: today\nprices:\n  - {model: '*gpt-4o*', input: 1, output: 2}\n")
    table = read_prices(own)
    assert table.as_of == "today"
    assert table.cost("GPT-4o-mini", SPENT) == pytest.approx(1.2)
    assert table.cost("offline", SPENT) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prices: [{model: a, input: -1, output: 2}]", r"prices\.0\.input"),
        ("prices: [{model: a}]", r"prices\.0\.input"),
        ("[1]", "the file"),
        ("prices: [", "is no price table"),
    ],
)
def test_a_file_that_is_no_price_table(tmp_path: Path, text: str, said: str) -> None:
    own = tmp_path / "prices.yaml"
    own.write_text(text)
    with pytest.raises(ConfigError, match=said):
        read_prices(own)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"none\.yaml"):
        read_prices(tmp_path / "none.yaml")
