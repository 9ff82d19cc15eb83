"""Test doubles behind the real interfaces, shared by the tests."""
