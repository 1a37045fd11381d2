"""Times as people say them."""

from datetime import UTC, datetime

import typer


def moment(said: str, option: str) -> datetime | None:
    """A past time, aware, of `2026-11-25T14:00Z`, `2h`, `3 days ago`, `yesterday 14:00`; None for "".

    Without a zone this machine's is meant. Raises typer.BadParameter for what is no such time.
    """
    if not said:
        return None
    found = _iso(said) or _in_words(said)
    if found is None:
        raise typer.BadParameter(
            f"{said!r} is not a time; say it as 2026-11-25T14:00, 2h, 3 days ago or yesterday 14:00.",
            param_hint=option,
        )
    if found > datetime.now(UTC):
        raise typer.BadParameter(f"{found:%Y-%m-%d %H:%M:%S %Z} is still to come.", param_hint=option)
    return found


def _iso(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said).astimezone()
    except (ValueError, OverflowError):
        return None


def _in_words(said: str) -> datetime | None:
    import dateparser

    day = said.strip().lower() in ("today", "yesterday")
    # strict: a bare number or month would be taken for a day that nobody meant
    settings = {"STRICT_PARSING": True, "PREFER_DATES_FROM": "past", "RELATIVE_BASE": datetime.now()}
    found = dateparser.parse(f"{said} 00:00" if day else said, languages=["en"], settings=settings)
    return None if found is None else found.astimezone()
