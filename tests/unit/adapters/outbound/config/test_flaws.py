"""Given a flaw in a file, when it is loaded, then the flaw is told with its line, path and what to do."""

import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from multiplespawner.adapters.outbound.config.loading import load
from multiplespawner.adapters.outbound.config.lookups import Lookups


def unused(*_: object) -> Any:
    """Nothing is looked up in files that aren't there."""
    raise AssertionError


NOTHING = Lookups(unused, unused, unused, unused, unused, unused)
TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "Plain",
        "resource_type": "virtual_machine",
        "providers": ["cloud"],
        "spawner": {"class": "plain.PlainSpawner", "kwargs": {"port": 1}},
        "configurer": {"class": "known.Configurer", "options": {"vars": ["{endpoint}"]}},
        "authenticator": {"class": "known.Authenticator", "kwargs": {}},
    }
]
DEPLOYMENTS: dict[str, Any] = {"virtual_machine": [{"name": "small", "provider": "cloud"}]}


def changed(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """A copy with something else, or with one key more, or (`...`) one fewer, at a path."""
    copy = deepcopy(value)
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    if new is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = new
    return copy


TWO_TO_ONE = {"name": "a", "type": "integer", "minimum": 2, "maximum": 1}
FLAWS: list[tuple[tuple[str | int, ...], Any, str, int, str]] = [
    # path of the change, new value, path told, line told, part of the suggestion
    ((0, "name"), ..., "$[0]", 2, ""),
    ((0, "name"), 7, "$[0].name", 3, ""),
    ((0, "name"), "", "$[0].name", 3, ""),
    ((0, "name"), "a/b", "$[0].name", 3, ""),
    ((0, "name"), "a\n", "$[0].name", 3, ""),
    ((0, "resource_type"), "virtual_machin", "$[0].resource_type", 4, "virtual_machine"),
    ((0, "resource_type"), None, "$[0].resource_type", 4, ""),
    ((0, "providers"), "cloud", "$[0].providers", 5, ""),
    ((0, "providers"), [], "$[0].providers", 5, ""),
    ((0, "providers"), ["cloud", "cloud"], "$[0].providers", 5, ""),
    ((0, "providers", 0), 1, "$[0].providers[0]", 6, ""),
    ((0, "spawner"), ..., "$[0]", 2, ""),
    ((0, "spawner"), [], "$[0].spawner", 8, ""),
    ((0, "spawner", "class"), ..., "$[0].spawner", 8, ""),
    ((0, "spawner", "class"), "PlainSpawner", "$[0].spawner.class", 9, ""),
    ((0, "spawner", "class"), "plain spawner.X", "$[0].spawner.class", 9, ""),
    ((0, "spawner", "class"), "plain.Spawner", "$[0].spawner.class", 9, "plain.PlainSpawner"),
    ((0, "spawner", "kwargs"), [1], "$[0].spawner.kwargs", 10, ""),
    ((0, "spawner", "kwarg"), {}, "$[0].spawner.kwarg", 13, "kwargs"),
    ((0, "spawner", "kwargs", "port"), "x", "$[0].spawner.kwargs.port", 11, ""),
    ((0, "spawner", "kwargs", "notebok_dir"), "x", "$[0].spawner.kwargs.notebok_dir", 12, "notebook_dir"),
    ((0, "spawner", "kwargs", "notebook_dir"), "{option.x}", "$[0].spawner.kwargs.notebook_dir", 12, ""),
    ((0, "spawner", "kwargs", "notebook_dir"), {"secret": "x"}, "$[0].spawner.kwargs.notebook_dir", 12, ""),
    ((0, "class"), "plain.PlainSpawner", "$[0].class", 26, ""),
    ((0, "configurer"), None, "$[0].configurer", 14, ""),
    ((0, "configurer", "class"), ..., "$[0].configurer", 14, ""),
    ((0, "configurer", "class"), 1, "$[0].configurer.class", 15, ""),
    ((0, "configurer", "options", "vars", 0), "{endpont}", "$[0].configurer.options.vars[0]", 18, "endpoint"),
    ((0, "configurer", "options", "vars", 0), "{{ x }}", "$[0].configurer.options.vars[0]", 18, ""),
    ((0, "authenticator", "kwargs"), "x", "$[0].authenticator.kwargs", 24, ""),
    ((0, "authenticator", "kwargs"), {"{a}": 1}, '$[0].authenticator.kwargs["{a}"]', 25, ""),
    ((0, "lifetimes"), {}, "$[0].lifetimes", 26, "lifetime"),
    ((0, "lifetime"), {"default": 2, "maximum": 1}, "$[0].lifetime", 26, ""),
    ((0, "lifetime"), {"maximum": 0}, "$[0].lifetime.maximum", 27, ""),
    ((0, "lifetime"), {"maximum": 1e12}, "$[0].lifetime", 26, ""),
    ((0, "hardware"), {"cpu": True}, "$[0].hardware.cpu", 27, ""),
    ((0, "hardware"), {"cpu": {"minimum": 2, "maximum": 1}}, "$[0].hardware.cpu", 27, ""),
    ((0, "hardware"), {"cpu": {"minimum": 2}}, "$[0].hardware.cpu", 27, ""),
    ((0, "hardware"), {"gpu": 1.5}, "$[0].hardware.gpu", 27, ""),
    ((0, "hardware"), {"ram": 1}, "$[0].hardware.ram", 27, ""),
    ((0, "flavors"), [], "$[0].flavors", 26, ""),
    ((0, "flavors"), [{"name": "a"}, {"name": "a"}], "$[0].flavors[1].name", 31, ""),
    ((0, "options"), [{"name": "a", "type": "chioce"}], "$[0].options[0].type", 29, "choice"),
    ((0, "options"), [{"name": "a", "type": "choice"}], "$[0].options[0]", 27, ""),
    ((0, "options"), [{"name": "a", "type": "boolean", "minimum": 1}], "$[0].options[0].minimum", 30, ""),
    ((0, "options"), [{"name": "a", "type": "boolean", "default": 1}], "$[0].options[0].default", 30, ""),
    ((0, "options"), [{"name": "a", "type": "text", "pattern": "("}], "$[0].options[0].pattern", 30, ""),
    (
        (0, "options"),
        [{"name": "a", "type": "integer", "minimum": 2, "maximum": 1}],
        "$[0].options[0]",
        27,
        "",
    ),
    ((0, "options"), [{"name": "a", "type": "boolean"}] * 2, "$[0].options[1].name", 32, ""),
    ((0, "allowed_users"), [], "$[0].allowed_users", 26, ""),
    ((0, "inner_options"), "yes", "$[0].inner_options", 26, ""),
    ((0, "start_timeout"), "60", "$[0].start_timeout", 26, ""),
    ((0, "unix_account"), {"mode": "fixed"}, "$[0].unix_account", 26, ""),
    ((0, "unix_account"), {"mode": "create", "name": "a"}, "$[0].unix_account", 26, ""),
    ((0, "unix_account"), {"mode": "fixed", "name": "root"}, "$[0].unix_account.name", 28, ""),
    ((0, "provider_settings"), {"regoin": "x"}, "$[0].provider_settings.regoin", 27, "region"),
    ((0, "provider_settings"), {"disk": "x"}, "$[0].provider_settings.disk", 27, ""),
    ((0, "provider_settings"), {"spot": 1}, "$[0].provider_settings.spot", 27, ""),
]


@pytest.mark.parametrize(("path", "new", "told", "line", "suggestion"), FLAWS, ids=str)
def test_a_flaw_of_a_template_is_told(
    load_files: Any, path: tuple[str | int, ...], new: Any, told: str, line: int, suggestion: str
) -> None:
    """With its line and path, and the near name if there is one; nothing is offered of it."""
    loaded = load_files(changed(TEMPLATES, path, new), DEPLOYMENTS)
    assert [(p.severity, p.path, p.line) for p in loaded.errors] == [("error", told, line)]
    assert suggestion in loaded.errors[0].suggestion
    assert loaded.errors[0].file.endswith("templates.json")
    assert loaded.offers == ()


ENTRY_FLAWS: list[tuple[tuple[str | int, ...], Any, str, int, str]] = [
    (("virtual_machines",), [], "$.virtual_machines", 8, "virtual_machine"),
    (("virtual_machine",), {}, "$.virtual_machine", 2, ""),
    (("virtual_machine", 0), "small", "$.virtual_machine[0]", 3, ""),
    (("virtual_machine", 0, "name"), ..., "$.virtual_machine[0]", 3, ""),
    (("virtual_machine", 0, "image"), 1, "$.virtual_machine[0].image", 6, ""),
    (("virtual_machine", 0, "notebok_dir"), 1, "$.virtual_machine[0].notebok_dir", 6, "notebook_dir"),
    (("virtual_machine", 0, "regin"), 1, "$.virtual_machine[0].regin", 6, "region"),
    (("virtual_machine", 0, "port"), [], "$.virtual_machine[0].port", 6, ""),
    (("virtual_machine", 0, "disk"), 0, "$.virtual_machine[0]", 3, ""),
    (("virtual_machine", 0, "disk"), "x", "$.virtual_machine[0].disk", 6, ""),
    (("virtual_machine", 0, "lifetime"), {"maximum": -1}, "$.virtual_machine[0].lifetime.maximum", 7, ""),
    (("virtual_machine",), [{"name": "a"}, {"name": "a"}], "$.virtual_machine[1].name", 7, ""),
]


@pytest.mark.parametrize(("path", "new", "told", "line", "suggestion"), ENTRY_FLAWS, ids=str)
def test_a_flaw_of_an_entry_is_told(
    load_files: Any, path: tuple[str | int, ...], new: Any, told: str, line: int, suggestion: str
) -> None:
    """In the deployment file too."""
    loaded = load_files(TEMPLATES, changed(DEPLOYMENTS, path, new))
    assert [(p.severity, p.path, p.line) for p in loaded.errors] == [("error", told, line)]
    assert suggestion in loaded.errors[0].suggestion
    assert loaded.errors[0].file.endswith("deployment.json")


WARNINGS: list[tuple[tuple[str | int, ...], Any, list[str]]] = [
    ((0, "spawner", "class"), "absent.Spawner", ["$[0].spawner.class"]),
    ((0, "configurer", "class"), "absent.Configurer", ["$[0].configurer.class"]),
    ((0, "authenticator", "class"), "absent.Authenticator", ["$[0].authenticator.class"]),
    ((0, "providers", 0), "absent", ["$[0].providers[0]"]),
]


@pytest.mark.parametrize(("path", "new", "told"), WARNINGS, ids=str)
def test_what_cannot_be_used_here_is_a_warning(
    load_files: Any, path: tuple[str | int, ...], new: Any, told: list[str]
) -> None:
    """It says what to install, and nothing of it is offered."""
    loaded = load_files(changed(TEMPLATES, path, new), {"virtual_machine": [{"name": "small"}]})
    assert [(p.severity, p.path) for p in loaded.problems] == [("warning", path) for path in told]
    assert loaded.problems[0].suggestion == f"Install {new}."
    assert loaded.offers == ()


@pytest.mark.parametrize(("said", "told"), [("Ada", 1), ("{JUPYTERHUB_USER}", 1), ("", 0)])
def test_what_a_spawner_takes_and_does_not_use_is_a_warning(load_files: Any, said: str, told: int) -> None:
    """It is told where it stands, and offered all the same."""
    path = (0, "spawner", "kwargs", "old_name")
    loaded = load_files(changed(TEMPLATES, path, said), DEPLOYMENTS)
    problems = [(p.severity, p.path) for p in loaded.problems]
    assert problems == [("warning", "$[0].spawner.kwargs.old_name")] * told
    assert len(loaded.recipes) == 1


@pytest.mark.parametrize("entered", [True, False])
def test_what_the_authenticator_says_in_its_place_is_a_warning(load_files: Any, entered: bool) -> None:
    """Without an authenticator the spawner uses it."""
    templates = changed(TEMPLATES, (0, "spawner", "kwargs", "key_file"), "~/.ssh/id")
    if not entered:
        templates = changed(changed(templates, (0, "authenticator"), {}), (0, "configurer"), {})
    loaded = load_files(templates, DEPLOYMENTS)
    problems = [(p.severity, p.path) for p in loaded.problems]
    assert problems == [("warning", "$[0].spawner.kwargs.key_file")] * entered
    assert len(loaded.recipes) == 1


def test_a_provider_that_does_not_give_the_type_is_a_warning(load_files: Any) -> None:
    """It may in another version."""
    loaded = load_files(changed(TEMPLATES, (0, "providers"), ["here"]), {"virtual_machine": [{"name": "a"}]})
    assert [(p.severity, p.path) for p in loaded.problems] == [("warning", "$[0].providers[0]")]


def test_what_has_no_counterpart_is_a_warning(load_files: Any) -> None:
    """A template without entry, an entry without template, a provider that no template names."""
    loaded = load_files(
        TEMPLATES, {"virtual_machine": [{"name": "a", "provider": "clod"}], "container": [{"name": "b"}]}
    )
    assert [(p.severity, p.path) for p in loaded.problems] == [
        ("warning", "$[0]"),
        ("warning", "$.virtual_machine[0].provider"),
        ("warning", "$.container[0]"),
    ]
    assert "cloud" in loaded.problems[1].suggestion


def test_all_flaws_are_told_at_once(load_files: Any) -> None:
    """In the order of the files, those of structure and those of meaning together."""
    templates = [
        changed(TEMPLATES, (0, "resource_type"), "x")[0],
        changed(changed(TEMPLATES, (0, "name"), "B"), (0, "spawner", "kwargs", "prt"), 1)[0],
        changed(TEMPLATES, (0, "name"), "C")[0],
    ]
    loaded = load_files(templates, {"virtual_machine": [{"name": "a", "prot": 1}, {}], "cloud": []})
    assert [p.path for p in loaded.errors] == [
        "$[0].resource_type",
        "$[1].spawner.kwargs.prt",
        "$.virtual_machine[0].prot",
        "$.virtual_machine[1]",
        "$.cloud",
    ]


def test_a_good_template_beside_a_bad_one_is_still_shown(load_files: Any) -> None:
    """`check` can show what would be offered."""
    loaded = load_files([TEMPLATES[0], {"name": "bad"}], DEPLOYMENTS)
    assert loaded.errors
    assert [offer.id for offer in loaded.offers] == ["cloud/Plain/small"]


def test_two_templates_of_one_name_are_an_error(load_files: Any) -> None:
    """Ids are made of names."""
    loaded = load_files([TEMPLATES[0], TEMPLATES[0]], DEPLOYMENTS)
    assert [p.path for p in loaded.errors] == ["$[1].name"]


@pytest.mark.parametrize("content", ["", "[]", "{}", "null", "3", '"x"', "[[]]", "{", "[{}]"])
def test_files_of_another_shape_are_errors(load_files: Any, content: str) -> None:
    """Whatever JSON they are."""
    assert load_files(content, DEPLOYMENTS).errors
    if content not in ("{}",):
        assert load_files(TEMPLATES, content).errors


def test_no_message_shows_a_value_that_may_be_secret(load_files: Any) -> None:
    """A password of the wrong type, in the wrong place or as a wrong reference stays unsaid."""
    templates = changed(TEMPLATES, (0, "spawner", "kwargs"), {"port": "canary", "tokn": "canary"})
    templates[0]["provider_settings"] = {"disk": "canary"}
    templates[0]["authenticator"]["kwargs"] = {"a": {"secret": "canary"}, "password": "canary"}
    loaded = load_files(templates, {"virtual_machine": [{"name": "a", "passwrd": "canary"}]})
    assert len(loaded.problems) >= 4
    assert "canary" not in repr(loaded)


def test_too_much_is_an_error_soon(load_files: Any) -> None:
    """Thousands of flaws or offers stop the search."""
    many = load_files([{"x": 1}] * 150, {"virtual_machine": [{}] * 900})
    assert len(many.errors) < 500
    templates = [changed(TEMPLATES, (0, "name"), f"t{n}")[0] for n in range(50)]
    loaded = load_files(templates, {"virtual_machine": [{"name": f"e{n}"} for n in range(100)]})
    assert [p.path for p in loaded.errors] == ["$"]
    assert len(loaded.offers) == 1000


def test_missing_files_are_errors_of_each(load_files: Any, tmp_path: Path) -> None:
    """Both are told, not the first only."""
    loaded = load(tmp_path / "a", tmp_path / "b", NOTHING)
    assert [p.file for p in loaded.errors] == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert loaded.recipes == ()


def test_warnings_that_stop_the_search_are_an_error(load_files: Any) -> None:
    """What was not looked at must not pass for sound."""
    templates = [
        {**TEMPLATES[0], "name": f"t{n}", "providers": [f"p{n}-{m}" for m in range(20)]} for n in range(15)
    ]
    loaded = load_files(templates, {"virtual_machine": [{"name": "a"}]})
    assert [p.path for p in loaded.errors] == ["$"]


MANY_OPTIONS = [{**TEMPLATES[0], "options": [{"name": "x", "type": "text", "pattern": "("}] * 10_000}]
MANY_KEYS = [{**TEMPLATES[0], **{f"lifetim{n}": 1 for n in range(40_000)}}]
MANY_PROVIDERS = [{**TEMPLATES[0], "name": f"t{n}", "providers": ["cloud", f"p{n}"]} for n in range(200)]
MANY_ENTRIES = {"virtual_machine": [{"name": f"e{n}", "regin": 1, "prt": 2} for n in range(1000)]}


@pytest.mark.parametrize(
    ("templates", "deployments"),
    [(MANY_OPTIONS, DEPLOYMENTS), (MANY_KEYS, DEPLOYMENTS), (MANY_PROVIDERS, MANY_ENTRIES)],
    ids=["options", "keys", "products"],
)
def test_a_large_file_full_of_flaws_is_answered_within_seconds(
    load_files: Any, templates: Any, deployments: Any
) -> None:
    """Near names are looked for so often only as somebody reads them."""
    began = time.process_time()
    loaded = load_files(templates, deployments)
    assert time.process_time() - began < 10
    assert 0 < len(loaded.errors) < 1000
