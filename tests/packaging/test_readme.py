"""What the README shows works as it is shown."""

import re
from pathlib import Path

import pytest

from multiplespawner.bootstrap import Settings, load_configuration

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def blocks(language):
    """The code blocks of a language, in order."""
    return re.findall(
        rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(), re.DOTALL | re.MULTILINE
    )


def loaded(directory):
    """The configuration in a folder; it must be without any problem."""
    configuration = load_configuration(Settings(directory=directory), {})
    assert configuration.problems == ()
    return configuration


def test_its_configuration_loads(tmp_path):
    """Both JSON files of the README make the offer that its request names."""
    for name, text in zip(("templates", "deployment"), blocks("json")[:2], strict=True):
        (tmp_path / f"spawner_{name}.json").write_text(text)
    (offer,) = loaded(tmp_path).offers
    (request,) = re.findall(r"'\{\"offer\": \"(\w+)\", \"lifetime\": (\d+)\}'", "".join(blocks("bash")))
    assert (offer.entry, offer.lifetime.accept(int(request[1]))) == (request[0], 30)


def test_its_hosts_load(tmp_path):
    """The template for other machines, too, offers the same entry without a problem."""
    pytest.importorskip("asyncssh")
    pytest.importorskip("ansible_runner")
    entry, hosts = blocks("json")[1:]
    (tmp_path / "spawner_deployment.json").write_text(
        entry.replace('"provider": "local"', '"provider": "hosts"')
    )
    (tmp_path / "spawner_templates.json").write_text(hosts)
    (offer,) = loaded(tmp_path).offers
    assert offer.id == "hosts/Laboratory hosts/laboratory"


def test_the_demos_configuration_loads():
    """The demo's files are without a problem and make two offers."""
    assert len(loaded(ROOT / "demo").offers) == 2


@pytest.mark.parametrize("document", DOCUMENTS)
def test_its_make_targets_exist(document):
    """Each `make` that a document sets as code is a target."""
    text = (ROOT / document).read_text()
    code = "\n".join(re.findall(r"^```bash\n.*?^```$|`make [^`]+`", text, re.DOTALL | re.MULTILINE))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make (\w+)", code, re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    """Each relative link of a document has a target in the checkout."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / document).read_text())
    assert [link for link in links if not (ROOT / link).exists()] == []
