"""The container files describe the very processes that the other tests run natively."""

import json
import re
from pathlib import Path

import pytest
import yaml

from webapp.config.env import ROOT, read_env
from webapp.config.processes import processes

OURS = ("web", "interactive", "batch", "training", "beat")


@pytest.fixture(scope="module")
def services():
    """The services as compose reads them where the operator set the password alone."""

    def value(match):
        name, _, default = match[1].partition(":-")
        return "a-password" if name.startswith("POSTGRES_PASSWORD") else default

    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{([^}]*)\}", value, text))["services"]


@pytest.fixture(scope="module")
def natively(services):
    """The processes that the application itself would start in the web service's environment."""
    environment = {key: str(value) for key, value in services["web"]["environment"].items()}
    env = read_env({**environment, "MOCBAN_SECRET_KEY": "given"})
    return {process.name: process for process in processes(env)}


def dockerfile_json(word):
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text())
    return json.loads(re.search(rf"^{word}.*?(\[.*\])$", text, re.MULTILINE)[1])


def test_every_process_of_the_application_is_a_service(services, natively):
    assert set(natively) == set(OURS)
    assert set(OURS) < set(services)


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_the_native_command(services, natively, name):
    assert tuple(map(str, services[name]["command"])) == natively[name].command
    assert services[name]["healthcheck"]["test"] == ["CMD", *natively[name].health]
    assert services[name]["environment"].items() >= natively[name].environment.items()


def test_the_image_alone_is_the_web_server(natively):
    assert tuple(dockerfile_json("CMD")) == natively["web"].command
    assert tuple(dockerfile_json("HEALTHCHECK")) == natively["web"].health


def test_nothing_runs_as_root(services):
    assert all(service["user"] == "10001:10001" for service in services.values())
    assert all(service["cap_drop"] == ["ALL"] for service in services.values())
    last_stage = (ROOT / "Dockerfile").read_text().rsplit("\nFROM ", 1)[1]
    assert re.search(r"^USER mocban$", last_stage, re.MULTILINE)
    assert "--uid 10001" in last_stage


def test_everything_kept_lies_in_one_volume(services):
    assert {tuple(service["volumes"]) for service in services.values()} == {("data:/data",)}


def test_nothing_starts_before_its_database_and_broker(services):
    for name in OURS:
        waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert waits == {
            "setup": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }


def test_only_the_web_server_is_reached_from_outside_and_only_locally(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_copies_what_is_there():
    text = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    sources = [line.split()[1:-1] for line in text.splitlines() if re.match(r"COPY (?!--from)", line)]
    for source in {name for names in sources for name in names}:
        assert (ROOT / source).exists(), source
        assert f"!{Path(source).parts[0]}\n" in ignored, source
