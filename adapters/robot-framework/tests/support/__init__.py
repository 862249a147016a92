"""The shared code of the tests."""
