"""The page of assignments: the strategy in two tables, its versions, and what goes with them."""
