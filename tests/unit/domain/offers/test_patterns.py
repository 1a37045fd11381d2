"""A pattern means the same to Python, to a browser and to whoever reads the schema, or isn't handed on."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplespawner.domain.offers import TextOption
from multiplespawner.domain.offers.patterns import ecma

ALIKE = [
    TextOption(name="x").pattern,
    "",
    "a|",
    "[a-z]+",
    "^[a-z]+$",
    r"\A[a-z]+\Z",
    "a$\n",
    "(?:ab|c)*?d{2,3}",
    "(a+|[^b])c",
    "[A-Z_-]",
    "[-.()/|{}&]+",
    "[^-a]?.{2}",
    r"[+\--9]",
    r"[\]\\^]*",
    r"\(\.\*\)\/",
    r"\x41[\u00e9-\u00ff]\t?",
    "[\U0001f9ea-\U0001f9ff]é.",
    "a{2}?(b)(?:)",
]
UNLIKE = [
    *(r"\d", r"\w", r"\s", r"\S", r"\b", r"\B", r"(a)\1", r"\07", r"\0", r"\a"),
    *("(?i)a", "(?x) a", "(?P<a>b)", "(?=a)b", "(?!a)b", "(?<=a)b", "a*+", "a{2}+", "(?>a)", "(?s:.)"),
    *(
        "a{,2}",
        "a{",
        "a]",
        "a}",
        "[]a]",
        "[[a]",
        "[a&&b]",
        "[\\d]",
        "[a-z-9]",
        r"\U0001f9ea",
        r"\-",
        "\ud800",
    ),
]
TEXTS = [
    *("", "a", "b", "ab", "abdd", "cddd", "main", "main\n", "a\n", "\n", "\r", "a\r", "\u2028", "xy", "xyz"),
    *(
        "A-_",
        "-.()/|{}&",
        "]\\^",
        "(.*)/",
        "Aé",
        "Aÿ\t",
        "🧪é🧪",
        "🧪",
        "aab",
        "9",
        "7",
        "-",
        "+",
        "\u0661",
        "\x1c",
    ),
]


@pytest.mark.parametrize("pattern", ALIKE)
def test_a_search_finds_what_the_whole_matches(pattern: str) -> None:
    """Python agrees with itself: schemas are searched, options are matched."""
    said = ecma(pattern)
    assert said is not None
    for text in TEXTS:
        assert (re.search(said, text) is None) == (re.fullmatch(pattern, text) is None), text


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("pattern", UNLIKE)
def test_what_means_something_else_is_left_out(pattern: str) -> None:
    """All of these are patterns of Python."""
    re.compile(pattern)
    assert ecma(pattern) is None


def test_javascript_finds_what_python_matches(unavailable: Callable[[str], None]) -> None:
    """With the flags of JSON Schema and of HTML's `pattern`."""
    node = shutil.which("node") or ""
    if not node:
        unavailable("node is not installed")
    program = """
        const [patterns, texts] = JSON.parse(require("fs").readFileSync(0))
        const found = patterns.map(p => ["u", "v"].map(f => texts.map(t => new RegExp(p, f).test(t))))
        console.log(JSON.stringify(found))
    """
    sent = json.dumps([[ecma(pattern) for pattern in ALIKE], TEXTS])
    ran = subprocess.run([node, "-e", program], input=sent, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    for pattern, both in zip(ALIKE, json.loads(ran.stdout), strict=True):
        matched = [re.fullmatch(pattern, text) is not None for text in TEXTS]
        assert both == [matched, matched], pattern


PIECES = st.sampled_from([*"ab^$.*+?|()[]{}-\\,2\n&", "(?:", "\\d", "[^", "{2}", "\\x41", "é"])


@pytest.mark.filterwarnings("ignore::FutureWarning")
@settings(max_examples=500, deadline=None)
@given(pieces=st.lists(PIECES, max_size=8), texts=st.lists(st.text("ab-A\n\r2é", max_size=4), max_size=8))
def test_any_pattern_that_python_takes_is_said_rightly_or_not_at_all(
    pieces: list[str], texts: list[str]
) -> None:
    """What comes out can be compiled and means the same."""
    pattern = "".join(pieces)
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError):
        return
    said = ecma(pattern)
    if said is not None:
        assert [bool(re.search(said, text)) for text in texts] == [
            bool(compiled.fullmatch(text)) for text in texts
        ]
