"""The recipe for a class: page, settings of the hub, values and image say the same."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from traitlets.config import Config

from tests.tools.test_frame import PROJECT, pins

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = (DEPLOY / "README.md").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
PYTHON_OF = {"bookworm": "3.11", "trixie": "3.13"}  # Debian's own
UNITS = {"M": 1, "G": 1024}


@pytest.fixture
def rehearse(monkeypatch):
    monkeypatch.syspath_prepend(str(DEPLOY))
    import rehearse

    yield rehearse
    sys.modules.pop("rehearse")


@pytest.fixture
def settings():
    """(what the file sets for the hub, its names)."""
    file, config = DEPLOY / "jupyterhub_config.py", Config()
    names = {"get_config": lambda: config, "__file__": str(file)}
    exec(compile(file.read_text(encoding="utf-8"), file, "exec"), names)
    return config, names


def megabytes(text):
    return int(text[:-1]) * UNITS[text[-1]]


def words(text):
    """350M is 350 MB on the page."""
    return f"{text[:-1]} {text[-1]}B"


def chapters_of_the_page():
    """{chapter: (MB at the end, at the most)}"""
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+) \|$", PAGE, re.M)
    return {name: (int(end), int(most)) for name, end, most in rows}


def test_hub_values_and_page_name_the_same_limits(settings):
    config, names = settings
    expected, limit = names["MEMORY_EXPECTED"], names["MEMORY_LIMIT"]
    user = VALUES["singleuser"]
    assert user["memory"] == {"guarantee": expected, "limit": limit}
    assert user["cpu"]["limit"] == config.Spawner.cpu_limit == names["CPU_LIMIT"]
    assert VALUES["cull"]["enabled"] and VALUES["cull"]["timeout"] == names["IDLE_SECONDS"]
    assert user["startTimeout"] == config.Spawner.start_timeout == config.Spawner.http_timeout
    pods = VALUES["hub"]["config"]["KubeSpawner"]
    assert pods["http_timeout"] == user["startTimeout"]
    assert set(pods["args"]) <= set(config.Spawner.args)
    assert f"cull_idle_timeout={names['KERNEL_IDLE_SECONDS']}" in pods["args"][0]
    assert f"{words(expected)} are expected" in PAGE and f"Allow {words(expected)} of" in PAGE
    assert f"limit is {words(limit)}" in PAGE
    assert f"{names['KERNEL_IDLE_SECONDS'] // 60} minutes without work" in PAGE
    assert names["IDLE_SECONDS"] == 3600 and "a server after an hour" in PAGE


def test_the_hub_stops_idle_servers_and_is_reached_from_its_machine_only(settings):
    config, names = settings
    (culler,), (role,) = config.JupyterHub.services, config.JupyterHub.load_roles
    assert culler["command"][-1] == f"--timeout={names['IDLE_SECONDS']}"
    assert role["services"] == [culler["name"]] and "delete:servers" in role["scopes"]
    assert config.JupyterHub.bind_url.startswith("http://127.0.0.1:")
    assert config.JupyterHub.spawner_class == "systemd"
    assert "allow_all" not in config.Authenticator
    assert f"groupadd {names['READERS_GROUP']}\n" in PAGE
    assert config.LocalAuthenticator.allowed_groups == {names["READERS_GROUP"]}


def test_the_proxy_leaves_the_protocol_to_the_web_server_before_it(settings):
    """Its own X-Forwarded-Proto says http, and then the hub doesn't mark its cookies Secure."""
    config, _ = settings
    assert config.ConfigurableHTTPProxy.command == ["configurable-http-proxy", "--no-x-forward"]


def test_a_shell_in_a_notebook_finds_the_python_of_the_book_first(settings, rehearse):
    """And then the system's programs, as in the image; nothing of the hub's environment."""
    config, _ = settings
    first, *system = config.Spawner.environment["PATH"].split(":")
    assert first == str(Path(config.Spawner.cmd[0]).parent) == str(ROOT / ".venv/bin")
    image = dict(rest.split("=", 1) for word, rest in rehearse.instructions(DOCKERFILE)
                 if word == "ENV")
    assert system == image["PATH"].split(":")[1:]


def test_the_limits_follow_from_the_measured_chapters(settings):
    measured = chapters_of_the_page()
    stems = [path.stem.split("_")[0] for path in (ROOT / "chapters").glob("*.ipynb")]
    assert set(measured) == {str(int(stem)) if stem.isdigit() else stem for stem in stems}
    server = int(re.search(r"server takes about (\d+) MB", PAGE)[1])
    ends, peaks = zip(*measured.values(), strict=True)
    _, names = settings
    assert server + max(ends) <= megabytes(names["MEMORY_EXPECTED"])
    assert server + 4 * max(ends) <= megabytes(names["MEMORY_LIMIT"])
    one, several = (entry["kubespawner_override"] for entry in VALUES["singleuser"]["profileList"])
    assert one["mem_guarantee"] == names["MEMORY_EXPECTED"]
    assert server + max(peaks) <= megabytes(one["mem_limit"])
    assert several["mem_limit"] == names["MEMORY_LIMIT"]
    for override in one, several:
        assert words(override["mem_limit"]) in PAGE.split("## On Kubernetes")[1]
        assert megabytes(override["mem_guarantee"]) < megabytes(override["mem_limit"])


def test_the_image_has_the_python_of_binder_and_the_packages_of_the_locks(rehearse):
    lines = rehearse.instructions(DOCKERFILE)
    release = re.fullmatch(r"debian:(\w+)-slim", dict(lines)["FROM"])[1]
    python = (ROOT / ".binder/runtime.txt").read_text().strip().removeprefix("python-")
    assert PYTHON_OF[release] == python
    installed = [words.split() for word, rest in lines if word == "RUN"
                 for words in rest.split("&&") if "pip install" in words]
    with_hashes = [words[-1] for words in installed if "--require-hashes" in words]
    assert with_hashes == ["requirements.lock", "deploy/requirements.lock"]
    assert all("--no-deps" in words for words in installed if "--require-hashes" not in words)
    copied = {source for word, rest in lines if word == "COPY" for source in rest.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    assert {"convlib", "course", "figures", "chapters", PROJECT["readme"]} <= copied
    assert dict(lines)["CMD"] == f'["{VALUES["singleuser"]["cmd"]}"]'
    assert VALUES["singleuser"]["image"]["tag"] == PROJECT["version"]
    assert f"flipped-kernel:{PROJECT['version']} " in PAGE


def test_the_hub_and_the_book_can_be_installed_into_one_environment():
    hub, developers = pins("deploy/requirements.lock"), pins("requirements-dev.lock")
    both = hub.keys() & developers
    assert {"tornado", "jupyter-server"} <= both
    assert {name: hub[name][0] for name in both} == {name: developers[name][0] for name in both}
    assert all(hashes for _, hashes in hub.values())
    assert f"The JupyterHub in it is {'.'.join(hub['jupyterhub'][0].split('.')[:2])}," in PAGE
    wanted = (DEPLOY / "requirements.in").read_text().splitlines()
    assert {re.split("[>=]", line)[0] for line in wanted if not line.startswith("#")} <= set(hub)


def test_the_blocks_of_the_page_are_shell_and_use_files_that_are_there(rehearse):
    blocks = rehearse.blocks(PAGE)
    assert len(blocks) >= 6
    for block in blocks:
        assert not subprocess.run(["bash", "-n"], input=block, text=True).returncode, block
    code = "\n".join(re.findall(r"^```\w+\n(.*?)^```", PAGE, re.M | re.S))
    named = re.findall(r"(?:\s|flipped-kernel/)((?:deploy|benchmarks|tools|site)/[\w./]+)", code)
    assert "deploy/requirements.lock" in named and "benchmarks/hub.py" in named
    assert [name for name in named if not (ROOT / name).exists()] == []
    service = (DEPLOY / "jupyterhub.service").read_text()
    assert f"ExecStart=/srv/hub/bin/jupyterhub -f {rehearse.BOOK}/deploy/jupyterhub_config.py\n" \
        in service


def test_a_dockerfile_is_read_as_docker_reads_it(rehearse):
    text = "# no line\nFROM debian:trixie-slim\n\nRUN a \\\n    # inside\n    && b\nENV A=b=c\n"
    assert rehearse.instructions(text) == [
        ("FROM", "debian:trixie-slim"), ("RUN", "a && b"), ("ENV", "A=b=c")]


@pytest.mark.parametrize("page", ["run.md", "for_teachers.md"])
def test_the_pages_for_readers_and_teachers_lead_to_the_recipe(page):
    assert "`deploy/README.md`" in (ROOT / "site/pages" / page).read_text(encoding="utf-8")
