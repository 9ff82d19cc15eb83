"""What models cost: prices a token, and the list prices of Google's models."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lessongen.gemini.messages import Usage

_PROVIDER = "google"
_FEW = 1000  # where a price depends on the length of a prompt, ours pay that of short ones


def _no_switch(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("should be a number, not a switch")  # noqa: TRY004 - as Pydantic asks
    return value


NO_SWITCH = BeforeValidator(_no_switch)
"""For numbers: Python takes true for 1."""
_Price = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False), NO_SWITCH]


class Prices(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: _Price
    output: _Price
    cached: _Price

    def cost(self, usage: Usage) -> float | None:
        """Return US dollars for one answer, None where the server counted nothing."""
        if usage.input is None and usage.output is None:
            return None
        cached = usage.cached or 0
        fresh = max(0, (usage.input or 0) - cached)
        written = (usage.output or 0) + (usage.thoughts or 0)
        return (fresh * self.input + cached * self.cached + written * self.output) / 1_000_000


def list_prices(model: str, day: date | None = None) -> Prices | None:
    """Return what a model costs by Google's list on a day, or today; None where it is unknown.

    The list is the one that the package genai-prices carries: nothing is asked of the network.
    Lists change with the days: introductory prices end. May be called from any thread.
    """
    return _listed(model.rpartition("/")[2], day or datetime.now(UTC).date())


def load_list() -> None:
    """Read the list, so that the first question for a price need not.

    That takes 0.06 s and 9 MB, as measured; 0.3 s and 40 MB where Python has to compile the list
    first: too long for an event loop.
    """
    list_prices("")


@lru_cache(maxsize=256)
def _listed(model: str, day: date) -> Prices | None:
    from genai_prices import Usage as Tokens  # noqa: PLC0415 - see load_list
    from genai_prices import calc_price  # noqa: PLC0415 - the same

    moment = datetime.combine(day, time(12), UTC)

    def dollars(tokens: Tokens) -> float:
        priced = calc_price(
            tokens, model, provider_id=_PROVIDER, genai_request_timestamp=moment
        ).total_price
        return float(priced * Decimal(1_000_000) / _FEW)

    try:
        prices = Prices(
            input=dollars(Tokens(input_tokens=_FEW)),
            output=dollars(Tokens(output_tokens=_FEW)),
            cached=dollars(Tokens(input_tokens=_FEW, cache_read_tokens=_FEW)),
        )
    except LookupError:
        return None
    # The list holds models without a price, too.
    return prices if prices.input or prices.output else None
