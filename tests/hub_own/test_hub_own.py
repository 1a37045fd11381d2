"""What JupyterHub's own tests pass with a spawner, they pass with that spawner behind ours."""

import tomllib
from importlib.util import find_spec

import pytest

from hub_own.hub_runs import HERE, SELECTION, run_side_by_side

EXCEPTIONS = tomllib.loads((HERE / "exceptions.toml").read_text())


@pytest.fixture(scope="module")
def runs(runner, unavailable):
    """The outcomes of the plain run and of the run behind ours."""
    if not find_spec("multiplespawner.adapters.inbound.hub"):
        unavailable("there is no MultipleSpawner yet")
    return run_side_by_side(runner, ("", SELECTION), ("behind_us:outer_class", SELECTION))


def test_the_plain_run_is_worth_a_comparison(runs):
    """Nearly all tests pass plainly: a machine on which they fail would prove nothing."""
    plain, _ = runs
    assert len(plain.collected) >= 200
    assert len(plain.passed) >= 0.95 * len(plain.collected), plain.why_not(plain.collected)


def test_the_same_tests_run_behind_ours(runs):
    """No test is left out behind ours."""
    plain, behind = runs
    assert plain.collected - behind.collected == frozenset()


def test_what_passes_plainly_passes_behind_ours(runs):
    """Every test that passes plainly passes behind ours, but for the listed exceptions."""
    plain, behind = runs
    lost = plain.passed - behind.passed - EXCEPTIONS.keys()
    assert not lost, behind.why_not(lost)


def test_exceptions_are_few_and_still_fail(runs):
    """An exception passes plainly and fails behind ours, or it has to leave the list."""
    plain, behind = runs
    assert len(EXCEPTIONS) <= 8
    assert EXCEPTIONS.keys() - plain.passed == set()
    assert EXCEPTIONS.keys() & behind.passed == set()


def test_nothing_is_left_behind(runs):
    """No process outlives its run."""
    assert [run.left for run in runs] == [(), ()]


def test_a_bad_wrapper_is_seen(runner):
    """The harness can fail: wrapspawner loses the token that a spawner brings along."""
    [behind] = run_side_by_side(runner, ("badly_wrapped:outer_class", "test_spawner_insert_api_token"))
    assert len(behind.collected) == 1
    assert not behind.passed
