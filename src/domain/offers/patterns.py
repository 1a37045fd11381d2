"""Patterns of Python as patterns of ECMAScript, where both mean the same."""

import re

END = r"(?![\s\S])"
"""The very end of a text in both; `$` lets a last newline through in Python."""

_ESCAPE = r"\\(?:[nrtfv]|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|[.*+?^$|(){}\[\]\\/])"
_IN_CLASS = rf"(?:[^\\\[\]&\-\ud800-\udfff]|&(?!&)|\\-|{_ESCAPE})"
_TOKEN = re.compile(
    rf"""
      (?P<class>\[\^?-?(?:{_IN_CLASS}(?:-{_IN_CLASS})?)+-?\])
    | (?P<as_it_is>{_ESCAPE}
        | \((?!\?) | \(\?:
        | (?:[*+?]|\{{[0-9]+(?:,[0-9]*)?\}})\??(?![+])
        | [|)^]
        | [^\\\[\](){{}}*+?.|^$\ud800-\udfff])
    | (?P<special>[.$]|\\A|\\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_BARE = re.compile(r"\\.|[-(){}/|]", re.DOTALL)
_SPECIAL = {".": r"[^\n]", "$": rf"(?=\n?{END})", r"\A": "^", r"\Z": END}


def ecma(pattern: str) -> str | None:
    """A pattern that finds in ECMAScript, and in Python, exactly what `pattern` matches as a whole.

    Anchored at both ends, so that also a search with it passes no trailing newline. For engines that
    take texts as characters (flag `u` or `v`), as JSON Schema and HTML do. None for all that the two
    languages take differently, or only one of them knows: `\\d`, `\\w`, `\\s` and `\\b`, flags, references,
    look-around, possessive and atomic parts.
    """
    parts, at = [], 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            return None
        parts.append(_translated(token))
        at = token.end()
    return f"^(?:{''.join(parts)}){END}"


def _translated(token: re.Match[str]) -> str:
    if token["special"]:
        return _SPECIAL[token[0]]
    return _class(token[0]) if token["class"] else token[0]


def _class(text: str) -> str:
    """A class in which what flag `v` doesn't take bare is escaped."""
    start = 2 if text.startswith("[^") else 1
    inside = text[start:-1]

    def escaped(found: re.Match[str]) -> str:
        is_range = found[0] == "-" and 0 < found.start() < len(inside) - 1
        return found[0] if is_range or len(found[0]) == 2 else f"\\{found[0]}"

    return f"{text[:start]}{re.sub(_BARE, escaped, inside)}]"
