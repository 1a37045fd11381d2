"""Whether the log is whole, with a bar while it is read."""

from attrs import asdict
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ....application.verify_log import Damage, Verified, verify_log
from ....bootstrap.reading import Reading
from .documents import json_text
from .looking import NO
from .report import clean
from .screen import Screen


async def verify(reading: Reading, *, json: bool) -> int:
    """Check every record and every chain, and say what was found; the exit status."""
    seen = Verified()
    errors = Screen(stderr=True)
    columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=await reading.log.position())

        def told(verified: Verified) -> None:
            nonlocal seen
            seen = verified
            bar.update(task, completed=verified.position)

        damage = await verify_log(reading.log, told)
    if json:
        found = asdict(damage) if damage else None
        print(json_text({"records": seen.records, "streams": seen.streams, "damage": found}))
    else:
        for line in _lines(seen, damage):
            Screen().print(clean(line))
    return NO if damage else 0


def _lines(seen: Verified, damage: Damage | None) -> tuple[str, ...]:
    whole = f"{seen.records:,} records of {seen.streams:,} streams"
    if damage is None:
        return (f"whole: {whole}, each follows from the one before it",)
    place = [f"position {damage.position}"] if damage.position is not None else []
    place += [f"version {damage.version} of {damage.stream}"] if damage.stream is not None else []
    where = ", ".join(place) or "an unknown place"
    return f"damaged at {where}: {damage.why}", f"{whole} before it are whole"
