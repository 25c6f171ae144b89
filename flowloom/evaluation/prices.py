"""What tokens cost: a table in the package, and a file of the user's on top of it."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from flowloom.errors import ConfigError, StorageError
from flowloom.evaluation.samples import Spent

__all__ = ["Price", "PriceTable", "read_prices"]


class Price(BaseModel):
    """US dollars per million tokens of the models whose name fits a pattern (``*``: anything)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    input: float = Field(ge=0)
    output: float = Field(ge=0)


class PriceTable(BaseModel):
    """Prices; of those that fit a model's name the first counts.

    Attributes:
        as_of: when the prices were true.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: str = ""
    prices: tuple[Price, ...] = ()

    def of(self, model: str) -> Price | None:
        """Return the price of a model, None if the table has none."""
        name = model.lower()
        return next((item for item in self.prices if fnmatchcase(name, item.model.lower())), None)

    def cost(self, model: str, spent: Spent) -> float | None:
        """Return what an output has cost in US dollars; None if the model has no price."""
        price = self.of(model)
        if price is None:
            return None
        return (spent.input_tokens * price.input + spent.output_tokens * price.output) / 1e6


def read_prices(override: Path | None = None) -> PriceTable:
    """Return the package's prices, those of a file before them.

    Raises:
        StorageError: the file cannot be read.
        ConfigError: it is no price table.
    """
    table = _table(files("flowloom.evaluation").joinpath("prices.yaml").read_text("utf-8"), "")
    if override is None:
        return table
    try:
        text = override.read_text(encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"Cannot read the prices {str(override)!r}: {error.strerror or error}.",
            hint="Check the path.",
        ) from None
    own = _table(text, str(override))
    return PriceTable(as_of=own.as_of or table.as_of, prices=(*own.prices, *table.prices))


def _table(text: str, name: str) -> PriceTable:
    try:
        data: Any = YAML(typ="safe", pure=True).load(text)
        found = {**data} if isinstance(data, Mapping) else data
        return PriceTable.model_validate(found)
    except YAMLError as error:
        problem = str(error).splitlines()[0]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        problem = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
    raise ConfigError(
        f"{name!r} is no price table: {problem}.",
        hint="It needs: prices: [{model: my-model, input: 1.0, output: 2.0}]",
    )
