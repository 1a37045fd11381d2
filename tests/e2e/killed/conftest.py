"""The figures that are published."""

from e2e.killed.killing import FIGURES, in_one_line


def pytest_terminal_summary(terminalreporter, config):
    """Say at how many points hubs were killed, and how many of these left something."""
    if results := config.stash.get(FIGURES, []):
        terminalreporter.write_line(in_one_line(results))
