"""Checks of a lesson on this machine: pure functions over its content, in milliseconds."""
