"""The digest of a recipe changes with each file that decides, and with no other."""

from pathlib import Path

import pytest

from multiplespawner.adapters.outbound.configurers.recipe import digest_of


@pytest.fixture
def play(tmp_path: Path) -> Path:
    """A playbook in a hub's directory, with all that can belong to it, and much that doesn't."""
    texts = {
        "play.yml": "- import_tasks: more/first.yml\n- vars_files: [values.json]\n- script: run.sh\n",
        "more/first.yml": "- include_tasks: more/second.yml\n",
        "more/second.yml": "- debug:\n",
        "values.json": "{}",
        "run.sh": "true",
        "roles/base/tasks/main.yml": "- debug:\n",
        "roles/base/files/data.bin": "x",
        "group_vars/all.yml": "a: 1\n",
        "filter_plugins/mine.py": "pass\n",
        "events.sqlite": "facts",
        "private/key+json": "secret",
        "other.yml": "- debug:\n",
    }
    for name, text in texts.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "play.yml"


@pytest.mark.parametrize(
    "name",
    ["play.yml", "more/first.yml", "more/second.yml", "values.json", "run.sh", "roles/base/tasks/main.yml",
     "roles/base/files/data.bin", "group_vars/all.yml", "filter_plugins/mine.py", "roles/new/tasks/main.yml"],
)  # fmt: skip
def test_what_belongs_to_it_counts(play, name):
    """Named files, those that they name, and the folders that Ansible looks into."""
    before = digest_of([play])
    file = play.parent / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("changed")
    assert digest_of([play]) != before


@pytest.mark.parametrize("name", ["events.sqlite", "private/key+json", "other.yml", "roles/base/x.pyc"])
def test_what_lies_beside_it_does_not_count(play, name):
    """Else a hub's own log would have everything applied again."""
    before = digest_of([play])
    (play.parent / name).write_text("changed")
    assert digest_of([play]) == before


def test_trees_count_as_a_whole(play, tmp_path):
    """Folders with roles and collections that settings name."""
    tree = tmp_path / "tree"
    tree.mkdir()
    before = digest_of([play], [tree])
    (tree / "anything").touch()
    assert digest_of([play], [tree]) != before


@pytest.mark.parametrize("name", ["hosts.ini", "group_vars/all/more.yml", "host_vars/one.yml", "script.py"])
def test_an_inventory_counts_with_its_variables(play, tmp_path, name):
    """Those that Ansible takes from beside it, and what it names."""
    inventory = tmp_path / "elsewhere/hosts.ini"
    inventory.parent.mkdir()
    inventory.write_text("# made by script.py\n")
    before = {digest_of([play]), digest_of([play], inventory=inventory)}
    (inventory.parent / name).parent.mkdir(parents=True, exist_ok=True)
    (inventory.parent / name).write_text("changed")
    assert digest_of([play], inventory=inventory) not in before
    (inventory.parent / "other").touch()
    assert len({*before, digest_of([play], inventory=inventory)}) == 3


def test_an_inventory_that_is_a_folder_counts_as_a_whole(play, tmp_path):
    """Ansible reads each file in it."""
    inventory = tmp_path / "elsewhere"
    inventory.mkdir()
    before = digest_of([play], inventory=inventory)
    (inventory / "hosts").touch()
    assert digest_of([play], inventory=inventory) != before


@pytest.mark.parametrize(
    ("named", "name"),
    [
        ("../common/base.yml", "common/base.yml"),
        ("./more.yml", "pb/more.yml"),
        ("roles/../../common/base.yml", "common/base.yml"),
        ("{{ playbook_dir }}/more.yml", "pb/more.yml"),
        ("{{ playbook_dir }}/../common/base.yml", "common/base.yml"),
        ("{top}/common/base.yml", "common/base.yml"),
        ("../common/first.yml", "common/base.yml"),
        ("../common/base.yml", "common/roles/one.yml"),
    ],
)
def test_names_that_lead_elsewhere_are_followed(tmp_path, named, name):
    """From the playbook, and from the file that names others."""
    texts = {
        "pb/site.yml": f"- import_tasks: {named.replace('{top}', str(tmp_path))}\n",
        "pb/more.yml": "",
        "common/first.yml": "- import_tasks: base.yml\n",
        "common/base.yml": "- import_tasks: ../common/first.yml\n",
        "common/roles/one.yml": "",
    }
    for each, text in texts.items():
        (tmp_path / each).parent.mkdir(exist_ok=True)
        (tmp_path / each).write_text(text)
    before = digest_of([tmp_path / "pb/site.yml"])
    (tmp_path / name).write_text("changed")
    assert digest_of([tmp_path / "pb/site.yml"]) != before


def test_a_path_of_the_machine_is_none_of_the_hub(play, tmp_path):
    """Else what the hub itself has there would have everything applied again."""
    config = tmp_path / "etc/app.conf"
    config.parent.mkdir()
    config.write_text("1")
    play.write_text(f"- dest: {config}\n- x: absent.yml\n")
    before = digest_of([play])
    config.write_text("2")
    assert digest_of([play]) == before


def test_folders_that_are_links_count(play, tmp_path):
    """Such as roles that lie elsewhere; a link to where it lies does no harm."""
    role = tmp_path / "elsewhere/tasks/main.yml"
    role.parent.mkdir(parents=True)
    (play.parent / "roles/linked").symlink_to(tmp_path / "elsewhere")
    (role.parent / "around").symlink_to(tmp_path / "elsewhere")
    before = digest_of([play])
    role.write_text("changed")
    assert digest_of([play]) != before


def test_a_word_that_no_file_can_have_is_none(play):
    """Such as a blob within the playbook."""
    before = digest_of([play])
    play.write_text(f"{play.read_text()}# {'x' * 300} {'a/' * 5000}b\n")
    assert digest_of([play]) != before
