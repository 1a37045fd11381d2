"""Whatever a fact could hold, for property tests."""

from datetime import datetime, timedelta, timezone
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))

PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53),
    type(None): st.none(),
    datetime: st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS),
}


def of_type(wanted: Any) -> st.SearchStrategy[Any]:
    """Values of a type as facts use them."""
    arguments = get_args(wanted)
    if attrs.has(wanted):
        return st.builds(wanted, **{name: of_type(hint) for name, hint in get_type_hints(wanted).items()})
    if get_origin(wanted) in (Union, UnionType):
        return st.one_of(*map(of_type, arguments))
    if get_origin(wanted) is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
        return st.tuples(*map(of_type, arguments))
    return PLAIN[wanted]
