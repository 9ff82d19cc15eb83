"""What lessons took, cost and were worth: summed up by the day, and read for a choice of them."""
