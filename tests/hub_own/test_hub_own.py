"""What JupyterHub's own tests pass with a spawner, they pass with that spawner behind ours."""

import tomllib
import warnings

import pytest

from hub_own.hub_runs import HERE, SELECTION, run_side_by_side

EXCEPTIONS = tomllib.loads((HERE / "exceptions.toml").read_text())
OURS = "behind_us:outer_class"
FEW = 5  # more than these are not the fault of a busy machine


@pytest.fixture(scope="module")
def runs(runner):
    """The outcomes of the plain run and of the run behind ours.

    What is lost behind ours gets a second run, with a warning: some tests give the hub 0.1 s for a step, and
    fail where something else takes the processors meanwhile (seen once, in test_start_stop_race, at a load of
    6 on two processors).
    """
    plain, behind = run_side_by_side(runner, ("", SELECTION), (OURS, SELECTION))
    lost = plain.passed - behind.passed - EXCEPTIONS.keys()
    if not 0 < len(lost) <= FEW:
        return plain, behind
    warnings.warn(f"a second run of {sorted(lost)}: {behind.why_not(lost)}", stacklevel=1)
    functions = {test.split("::")[1].split("[")[0] for test in lost}
    [again] = run_side_by_side(runner, (OURS, " or ".join(functions)))
    return plain, behind.or_again(again, lost)


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
    assert {run.left for run in runs} == {()}


def test_a_bad_wrapper_is_seen(runner):
    """The harness can fail: wrapspawner loses the token that a spawner brings along."""
    [behind] = run_side_by_side(runner, ("badly_wrapped:outer_class", "test_spawner_insert_api_token"))
    assert len(behind.collected) == 1
    assert not behind.passed
