"""Given good files, when they are loaded, then offers and recipes say what the files say."""

from pathlib import Path
from typing import Any

from multiplespawner.domain import offers as o
from multiplespawner.domain.accounts import UnixAccount
from multiplespawner.domain.values import Hardware

PLAIN = {"class": "plain.PlainSpawner"}


def template(**said: Any) -> dict[str, Any]:
    return {
        "name": "Plain",
        "resource_type": "virtual_machine",
        "providers": ["cloud"],
        "spawner": PLAIN,
    } | said


def one(load_files: Any, said: dict[str, Any], entry: dict[str, Any]) -> Any:
    """The only recipe of a template and an entry."""
    loaded = load_files([template(**said)], {"virtual_machine": [{"name": "small", **entry}]})
    assert loaded.problems == ()
    (recipe,) = loaded.recipes
    return recipe


def test_an_offer_is_template_times_provider_times_entry(load_files: Any) -> None:
    """An entry without provider goes with each provider of its type, one with a provider only with that."""
    loaded = load_files(
        [
            template(name="A"),
            template(name="B", resource_type="container", providers=["here"]),
            template(name="C", resource_type="bare_metal", providers=["here"]),
        ],
        {
            "virtual_machine": [{"name": "x"}, {"name": "y", "provider": "cloud"}],
            "container": [{"name": "x", "image": "lab"}],
            "bare_metal": [{"name": "x", "provider": "here"}],
        },
    )
    assert loaded.problems == ()
    assert [offer.id for offer in loaded.offers] == ["cloud/A/x", "cloud/A/y", "here/B/x", "here/C/x"]
    assert loaded.recipe("here/B/x") == loaded.recipes[2]
    assert loaded.recipe("nowhere/B/x") is None


def test_an_offer_without_terms_has_nothing_to_choose(load_files: Any) -> None:
    """The formats as they were are enough."""
    offer = one(load_files, {}, {"image": "Oracle Linux 7.8"}).offer
    assert offer == o.Offer(
        id="cloud/Plain/small",
        name="Plain: small",
        type="virtual_machine",
        provider="cloud",
        template="Plain",
        entry="small",
        image="Oracle Linux 7.8",
    )


def test_all_terms_reach_the_offer_and_an_entrys_word_counts(load_files: Any) -> None:
    """What a template says holds for its entries unless they say otherwise."""
    recipe = one(
        load_files,
        {
            "description": "of the template",
            "allowed_groups": ["staff", "staff"],
            "lifetime": {"default": 60, "maximum": 480},
            "hardware": {"cpu": 2, "memory": {"minimum": 1, "maximum": 8, "default": 2}},
            "inner_options": True,
        },
        {
            "display_name": "Small one",
            "description": "of the entry",
            "allowed_users": ["ada"],
            "inner_options": ["profile"],
            "start_timeout": 300,
            "http_timeout": 60,
            "poll_interval": 15,
            "hardware": {"cpu": {"minimum": 0.5, "maximum": 4}, "gpu": 1, "gpu_kind": ["a100", "l40"]},
            "options": [
                {"name": "a", "type": "choice", "choices": ["x", 2], "default": 2.0, "title": "A"},
                {"name": "b", "type": "integer", "minimum": 1, "maximum": 3},
                {"name": "c", "type": "boolean", "default": False, "description": "C"},
                {"name": "d", "type": "text", "pattern": "[a-z]*", "max_length": 9, "default": "z"},
            ],
        },
    )
    offer = recipe.offer
    assert (offer.name, offer.description) == ("Small one", "of the entry")
    assert (offer.groups, offer.users, offer.inner_options) == (("staff",), ("ada",), ("profile",))
    assert (offer.start_timeout, offer.http_timeout, offer.poll_interval) == (300, 60, 15)
    assert offer.lifetime == o.Lifetime(60, 480)
    assert offer.hardware == o.Ranges(
        cpu=o.Range(0.5, 4, 0.5), gpu=o.Range(1, 1, 1), gpu_kinds=("a100", "l40")
    )
    assert offer.options == (
        o.ChoiceOption(name="a", choices=("x", 2), default=2, title="A"),
        o.IntegerOption(name="b", minimum=1, maximum=3),
        o.BooleanOption(name="c", default=False, description="C"),
        o.TextOption(name="d", pattern="[a-z]*", max_length=9, default="z"),
    )
    assert recipe.spawner_kwargs["start_timeout"] == 300


def test_an_account_that_nobody_sees_to_is_not_offered(load_files: Any) -> None:
    """A notebook under another account than the administrator meant would be worse than none.

    Without an authenticator no account is entered.
    """
    asked = template(unix_account={"mode": "fixed", "name": "lab"})
    loaded = load_files([asked], {"virtual_machine": [{"name": "small"}]})
    assert loaded.offers == ()
    assert [problem.path for problem in loaded.problems] == ["$[0].unix_account"]
    assert loaded.errors == loaded.problems
    entered = template(unix_account=asked["unix_account"], authenticator={"class": "known.Authenticator"})
    offer = load_files([entered], {"virtual_machine": [{"name": "small"}]}).offers[0]
    assert offer.unix_account == UnixAccount("fixed", "lab")


def test_labels_are_for_providers_of_several_machines(load_files: Any) -> None:
    """Where there is nothing to choose from they would be a wish that nobody hears."""
    loaded = load_files([template(labels={"zone": "a"})], {"virtual_machine": [{"name": "small"}]})
    assert loaded.offers == ()
    assert [problem.path for problem in loaded.errors] == ["$[0].labels"]


def test_a_provider_has_one_set_of_settings(load_files: Any) -> None:
    """Said once they hold for all; said differently they are a mistake: there is one provider of a name."""
    entries = [{"name": "a", "region": "south"}, {"name": "b"}, {"name": "c", "region": "north"}]
    loaded = load_files([template()], {"virtual_machine": entries})
    assert [recipe.provider_settings for recipe in loaded.recipes] == [{"region": "south"}] * 2
    assert [problem.path for problem in loaded.errors] == ["$.virtual_machine[2]"]


def test_what_one_entry_says_of_a_provider_need_not_be_repeated(load_files: Any) -> None:
    """Also where the provider can't do without it."""
    entries = [{"name": "a", "provider": "strict", "must": "yes"}, {"name": "b", "provider": "strict"}]
    loaded = load_files([template(providers=["strict"])], {"virtual_machine": entries})
    assert loaded.errors == ()
    assert [recipe.provider_settings for recipe in loaded.recipes] == [{"must": "yes"}] * 2
    alone = load_files([template(providers=["strict"])], {"virtual_machine": entries[1:]})
    assert [problem.path for problem in alone.errors] == ["$.virtual_machine[0]"]


def test_flavors_take_the_place_of_ranges(load_files: Any) -> None:
    """An entry's flavors replace its template's ranges."""
    flavors = [{"name": "s", "cpu": 1}, {"name": "l", "memory": 64, "gpu": 2.0, "gpu_kind": "a100"}]
    offer = one(load_files, {"hardware": {"cpu": 2}}, {"flavors": flavors}).offer
    assert offer.hardware == o.Flavors(
        (o.Flavor("s", Hardware(cpu=1)), o.Flavor("l", Hardware(memory=64, gpu=2, gpu_kind="a100")))
    )


def test_each_key_goes_to_who_takes_it(load_files: Any) -> None:
    """First the offer, then the provider's settings, then the inner spawner."""
    recipe = one(
        load_files,
        {
            "spawner": {
                "class": "plain.PlainSpawner",
                "kwargs": {"port": 1, "notebook_dir": "/{endpoint}/{x}"},
            },
            "provider_settings": {"region": "south", "disk": "20"},
        },
        {"port": 2, "disk": 30, "provider_settings": {"spot": "True"}, "image": "Oracle"},
    )
    assert recipe.spawner_kwargs == {"port": 2, "notebook_dir": "/{endpoint}/{x}"}
    assert recipe.provider_settings == {"region": "south", "disk": 30, "spot": "True"}


def test_an_image_goes_to_the_inner_spawner_where_that_allocates(load_files: Any) -> None:
    """A container's image is the inner spawner's, a machine's is the provider's."""
    loaded = load_files(
        [template(resource_type="container", providers=["here"])],
        {"container": [{"name": "a", "image": "lab"}]},
    )
    assert loaded.recipes[0].spawner_kwargs == {"image": "lab"}
    assert loaded.offers[0].image == "lab"


def test_the_spawners_own_times_count_for_the_whole_start(load_files: Any) -> None:
    """A template of an earlier release says start_timeout among its kwargs."""
    spawner = {**PLAIN, "kwargs": {"start_timeout": 600}}
    recipe = one(load_files, {"spawner": spawner}, {})
    assert recipe.offer.start_timeout == 600
    said_too = one(load_files, {"spawner": spawner, "start_timeout": 700}, {})
    assert (said_too.offer.start_timeout, said_too.spawner_kwargs) == (700, {"start_timeout": 600})


def test_the_flat_form_of_an_earlier_release_loads(load_files: Any) -> None:
    """With class and kwargs beside name."""
    flat = template() | PLAIN | {"kwargs": {"port": 1}}
    del flat["spawner"]
    loaded = load_files([flat], {"virtual_machine": [{"name": "a"}]})
    assert loaded.problems == ()
    assert loaded.recipes[0].spawner_class == "plain.PlainSpawner"
    assert loaded.recipes[0].spawner_kwargs == {"port": 1}


def test_components_keep_what_goes_to_them(load_files: Any) -> None:
    """kwargs, options and extra keys; placeholders as they stand; {} is none."""
    recipe = one(
        load_files,
        {
            "authenticator": {
                "class": "known.Authenticator",
                "kwargs": {"key": "{JUPYTERHUB_USER}_rsa"},
                "extra": 1,
            },
            "configurer": {"class": "known.Configurer", "options": {"host_settings": {"port": "22"}}},
        },
        {},
    )
    assert recipe.authenticator.class_path == "known.Authenticator"
    assert recipe.authenticator.settings == {"key": "{JUPYTERHUB_USER}_rsa", "extra": 1}
    assert recipe.configurer.settings == {"options": {"host_settings": {"port": "22"}}}
    none = one(load_files, {"authenticator": {}, "configurer": {}}, {})
    assert (none.authenticator, none.configurer) == (None, None)


def test_a_configurer_needs_an_authenticator(load_files: Any) -> None:
    """Without one no machine is entered, and every start would fail: nothing is offered."""
    loaded = load_files(
        [template(configurer={"class": "known.Configurer"})], {"virtual_machine": [{"name": "a"}]}
    )
    assert [(p.severity, p.path) for p in loaded.problems] == [("error", "$[0].configurer")]
    assert loaded.offers == ()


def test_a_playbook_lies_beside_the_template_file_or_in_the_package(load_files: Any, tmp_path: Path) -> None:
    """The first place wins; one that isn't there stays as it is named and is told of."""
    (tmp_path / "playbooks").mkdir()
    for name in ("own.yml", "playbooks/own.yml", "playbooks/shipped.yml"):
        (tmp_path / name).touch()
    named = {"playbook_path": "own.yml", "playbook_paths": ["shipped.yml", "none.yml", "{option.x}.yml"]}
    loaded = load_files(
        [
            template(
                authenticator={"class": "known.Authenticator"},
                configurer={"class": "known.Configurer", "options": {"apply_kwargs": named}},
            )
        ],
        {"virtual_machine": [{"name": "a", "options": [{"name": "x", "type": "boolean", "default": True}]}]},
    )
    assert [(p.severity, p.path.rpartition(".")[2]) for p in loaded.problems] == [
        ("warning", "playbook_paths[1]")
    ]
    assert loaded.recipes[0].configurer.settings["options"]["apply_kwargs"] == {
        "playbook_path": str(tmp_path / "own.yml"),
        "playbook_paths": [str(tmp_path / "playbooks/shipped.yml"), "none.yml", "{option.x}.yml"],
    }


def test_the_digest_is_of_what_the_files_say(load_files: Any) -> None:
    """Spacing and order of keys don't matter, values do."""
    entries = {"virtual_machine": [{"name": "a"}]}
    digests = [
        load_files(templates, entries).digest
        for templates in (
            [template()],
            '[{"spawner": {"class": "plain.PlainSpawner"}, "providers": ["cloud"],'
            '"resource_type": "virtual_machine", "name": "Plain"}]',
            [template(description="other")],
        )
    ]
    assert digests[0] == digests[1] != digests[2]
    assert len(digests[0]) == 64


def test_nothing_of_a_recipe_that_may_be_secret_is_in_its_repr(load_files: Any) -> None:
    """A recipe that is logged by mistake shows no kwargs and no settings."""
    recipe = one(
        load_files,
        {
            "spawner": {**PLAIN, "kwargs": {"notebook_dir": "canary"}},
            "provider_settings": {"region": "canary"},
        },
        {},
    )
    assert "canary" not in repr(recipe)
