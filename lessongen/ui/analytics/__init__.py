"""The page of figures: filters that live in the address, charts, and the lessons behind them."""
