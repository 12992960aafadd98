"""What examples/ and the how-to pages show is true: files load, commands parse, ports, paths and times agree."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import typer

from pollux import config
from pollux.cli.main import build
from pollux.config import OpenAIServer, Settings
from tests.scale.cluster import nginx_config, nginx_program

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed (it comes with moto)")

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
COMPOSE, KUBERNETES = EXAMPLES / "compose", EXAMPLES / "kubernetes"
HOW_TO = sorted((ROOT / "docs/how-to").glob("*.md"))


def load(path: Path) -> Settings:
    """By the real loader."""
    return config.load({"config": str(path)}, {}, path.parent)


def documents(path: Path) -> list[dict[str, Any]]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def compose() -> dict[str, Any]:
    (made,) = documents(COMPOSE / "compose.yaml")
    return made


def blocks() -> Iterator[Any]:
    """Every TOML block of the how-to pages: between fences that say so, or indented and beginning with a section."""
    for page in HOW_TO:
        text = page.read_text()
        found = re.findall(r"(?ms)^```toml\n(.*?)^```", text)
        found += [
            re.sub(r"(?m)^    ", "", block)
            for block in re.findall(r"(?m)((?:^    .*\n|^\n)+)", text)
            if re.match(r"\s*\[[a-z]", block)
        ]
        for number, block in enumerate(found):
            yield pytest.param(block, id=f"{page.name}-{number}")


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("pollux.toml")), ids=lambda path: path.parent.name)
def test_a_configuration_loads(path: Path) -> None:
    settings = load(path)
    assert {route.engine for route in settings.routes.values()} <= {"builtin", "google", *settings.named}


@pytest.mark.parametrize("block", list(blocks()))
def test_configurations_of_the_how_to_pages_load(tmp_path: Path, block: str) -> None:
    path = tmp_path / "pollux.toml"
    path.write_text(block)
    config.load({"config": str(path)}, {"QWEN_KEY": "k", "VLLM_KEY": "k"}, tmp_path)


def test_every_yaml_parses() -> None:
    found = [path for kind in ("*.yaml", "*.yml") for path in EXAMPLES.rglob(kind)]
    assert len(found) >= 7
    assert all(documents(path) for path in found)


def test_images_are_pinned_and_never_latest() -> None:
    texts = [path.read_text() for path in EXAMPLES.rglob("*.yaml")] + [(EXAMPLES / "Dockerfile").read_text()]
    images = [name for text in texts for name in re.findall(r"(?m)^\s*(?:image:|FROM) ([\w./:-]+)", text)]
    assert len(images) >= 9
    for image in images:
        tag = image.rpartition(":")[2]
        assert image == "pollux" or re.search(r"\d", tag), image  # kustomize gives the bare name its tag
        assert "latest" not in tag


# ---- compose


def test_compose_and_its_files_agree() -> None:
    made, settings = compose(), load(COMPOSE / "pollux.toml")
    nginx = (COMPOSE / "nginx.conf").read_text()
    servers = re.findall(r"server (pollux-\d+):(\d+)", nginx)
    assert [name for name, _ in servers] == [name for name in made["services"] if name.startswith("pollux-")]
    assert {int(port) for _, port in servers} == {settings.server.port}
    (published,) = made["services"]["nginx"]["ports"]
    assert published == "127.0.0.1:8080:8080"
    assert "listen 8080;" in nginx
    assert [name for name, one in made["services"].items() if "ports" in one] == ["nginx"]
    (subnet,) = made["networks"]["inside"]["ipam"]["config"]
    assert list(settings.server.trusted_proxies) == [subnet["subnet"]]
    fixed = [made["services"][name]["networks"]["inside"]["ipv4_address"] for name, _ in servers]
    assert len(set(fixed)) == len(servers)
    for address in fixed:
        assert ip_address(address) in ip_network(subnet["subnet"])
        assert ip_address(address) not in ip_network(subnet["ip_range"])


def test_compose_gives_a_stop_its_time_and_holds_no_secret() -> None:
    made, settings = compose(), load(COMPOSE / "pollux.toml")
    needed = settings.server.drain_seconds + 2 * settings.server.shutdown_seconds
    for name in ("pollux-1", "pollux-2"):
        assert int(made["services"][name]["stop_grace_period"].removesuffix("s")) > needed
        assert made["services"][name]["read_only"] is True
    asked = set(re.findall(r"\$\{(\w+):\?", (COMPOSE / "compose.yaml").read_text()))
    example = dict(line.split("=", 1) for line in (COMPOSE / "env.example").read_text().splitlines() if "=" in line)
    assert asked <= set(example)
    assert not any(example.values())


def test_both_profiles_serve_what_pollux_asks_for() -> None:
    made, (server,) = compose(), load(COMPOSE / "pollux.toml").named.values()
    assert isinstance(server, OpenAIServer)
    (address,) = server.address
    host, port = re.fullmatch(r"http://(\w+):(\d+)/v1", address).groups()  # type: ignore[union-attr]
    for name, alias in (("vllm", "--served-model-name"), ("llama", "--alias")):
        one = made["services"][name]
        assert {f"--port={port}", f"{alias}={server.model}"} <= set(one["command"])
        assert one["networks"]["inside"]["aliases"] == [host]


def test_nginx_agrees_with_pollux_about_sizes_and_times() -> None:
    text, settings = (COMPOSE / "nginx.conf").read_text(), load(COMPOSE / "pollux.toml")
    assert int(re.search(r"proxy_read_timeout (\d+)s", text)[1]) > settings.server.deadline_seconds  # type: ignore[index]
    sizes = {int(size) << 20 for size in re.findall(r"client_max_body_size (\d+)m", text)}
    assert min(sizes) > settings.limits.request_bytes
    assert int(re.search(r"client_body_timeout (\d+)s", text)[1]) >= settings.files.idle_seconds  # type: ignore[index]


def test_nginx_takes_its_file(tmp_path: Path) -> None:
    path = tmp_path / "nginx.conf"
    path.write_text(nginx_config(tmp_path, 1, [2, 3]))
    command = [nginx_program(), "-t", "-c", str(path), "-e", str(tmp_path / "errors")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# ---- Kubernetes


def pods() -> list[tuple[str, dict[str, Any]]]:
    """The pod of every workload."""
    found = [one for path in KUBERNETES.glob("*.yaml") for one in documents(path)]
    return [
        (one["metadata"]["name"], one["spec"]["template"]["spec"])
        for one in found
        if one["kind"] in ("Deployment", "Job")
    ]


def test_pods_are_locked_down_and_their_commands_exist() -> None:
    assert {name for name, _ in pods()} == {"pollux", "pollux-worker", "first-key"}
    for _, pod in pods():
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert {"requests", "limits"} == set(container["resources"])
        mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
        assert {"/var/lib/pollux", "/tmp"} <= mounts
        parses(container["args"])


def test_probes_ports_and_times_of_the_servers() -> None:
    settings, ((_, pod),) = load(KUBERNETES / "pollux.toml"), [one for one in pods() if one[0] == "pollux"]
    (container,) = pod["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": settings.server.port}]
    paths = {kind: container[f"{kind}Probe"]["httpGet"]["path"] for kind in ("startup", "readiness", "liveness")}
    assert paths == {"startup": "/healthz", "readiness": "/readyz", "liveness": "/healthz"}
    door = (ROOT / "src/pollux/api/door.py").read_text()
    assert all(f'"{path}"' in door for path in paths.values())
    server = settings.server
    assert pod["terminationGracePeriodSeconds"] > server.drain_seconds + 2 * server.shutdown_seconds
    probe = container["readinessProbe"]
    assert server.drain_seconds > probe["periodSeconds"] * probe["failureThreshold"]


def test_what_selects_finds() -> None:
    found = [one for path in KUBERNETES.glob("*.yaml") for one in documents(path)]
    by_kind = {one["kind"]: one for one in found if one.get("metadata", {}).get("name") == "pollux"}
    labels = by_kind["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert by_kind["Service"]["spec"]["selector"] == labels
    assert by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert by_kind["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == "pollux"


def test_kustomize_renders() -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    done = subprocess.run(["kubectl", "kustomize", str(KUBERNETES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = [one for one in yaml.safe_load_all(done.stdout) if one]
    names = {one["metadata"]["name"] for one in made if one["kind"] == "ConfigMap"}
    used = {
        volume["configMap"]["name"]
        for one in made
        if one["kind"] == "Deployment"
        for volume in one["spec"]["template"]["spec"]["volumes"]
        if "configMap" in volume
    }
    assert used == names


# ---- the image


def test_the_image_has_no_root_no_secret_and_a_health_check() -> None:
    text = (EXAMPLES / "Dockerfile").read_text()
    assert re.findall(r"(?m)^USER (\S+)", text) == ["10001:10001"]
    assert "/readyz" in text
    assert not re.search(r"(?i)(key|secret|password|token)=", text)
    copied = re.search(r"(?m)^COPY (pyproject\.toml .*) \./$", text)
    assert copied is not None
    assert all((ROOT / name).is_file() for name in copied[1].split())
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(needed["license-files"][:2]) | {needed["readme"]} <= set(copied[1].split())


# ---- commands


def parses(arguments: list[str]) -> None:
    """Whether the command line takes these words: everything but doing it.  Raises when it does not."""
    command: Any = typer.main.get_command(build())
    words = list(arguments)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context("pollux", words)


def test_compose_and_image_commands_exist() -> None:
    made = compose()["services"]
    parses(made["pollux-1"]["command"])
    parses([*made["keys"]["entrypoint"][1:], "create", "laptop"])
    with pytest.raises(typer.TyperException):
        parses(["serve", "--no-such-flag"])
