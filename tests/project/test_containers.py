"""The container files describe the very processes that the other tests run natively."""

import json
import re
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml

from webapp.config.env import ROOT, read_env
from webapp.config.processes import processes

PROXY = ROOT / "proxy" / "nginx.conf"
OURS = ("web", "interactive", "batch", "training", "beat")


@pytest.fixture(scope="module")
def compose():
    """The file as compose reads it where the operator set the password alone."""

    def value(match):
        name, _, default = match[1].partition(":-")
        return "a-password" if name.startswith("POSTGRES_PASSWORD") else default

    text = (ROOT / "docker-compose.yml").read_text()
    return yaml.safe_load(re.sub(r"\$\{([^}]*)\}", value, text))


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


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
    read_only = "./proxy/nginx.conf:/etc/nginx/mocban.conf:ro"
    kept = {
        name: [one for one in service["volumes"] if one != read_only] for name, service in services.items()
    }
    assert {tuple(volumes) for volumes in kept.values()} == {("data:/data",)}
    assert [name for name, service in services.items() if read_only in service["volumes"]] == ["proxy"]


def test_nothing_starts_before_its_database_and_broker(services):
    for name in OURS:
        waits = {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        assert waits == {
            "setup": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }


def test_only_the_proxy_is_reached_from_outside_and_only_locally(services):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"proxy": [f"127.0.0.1:8000:{setting('listen')}"]}


def setting(name):
    """The one value of a directive of the proxy's file."""
    (value,) = re.findall(rf"^\s*{name}\s+([^;]+);", PROXY.read_text(), re.MULTILINE)
    return value


def test_the_proxy_runs_its_file_and_finds_the_web_server(services, natively):
    proxy = services["proxy"]
    assert proxy["command"][-1] == "/etc/nginx/mocban.conf"
    assert proxy["depends_on"] == {"web": {"condition": "service_started"}}
    bind = natively["web"].command[natively["web"].command.index("--bind") + 1]
    assert setting(r"set \$web") == f"web:{bind.partition(':')[2]}"
    assert setting("proxy_pass") == "http://$web"


def test_the_proxy_keeps_what_is_slow(services):
    text = PROXY.read_text()
    assert not re.search(r"^\s*proxy_(request_)?buffering", text, re.MULTILINE)  # both are on by default
    assert not re.search(r"^\s*client_body_in_file_only", text, re.MULTILINE)
    for name in ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"):
        assert 0 < int(setting(name).removesuffix("s")) <= 60
    assert setting("limit_conn") == "clients 100"
    for name in ("client_body_temp_path", "proxy_temp_path"):
        assert setting(name).startswith("/data/")  # a disk with room, and not the container's own


def test_the_proxy_takes_what_the_web_server_takes(services):
    largest = int(services["web"]["environment"]["MOCBAN_MAX_UPLOAD_MB"])
    assert setting("client_max_body_size") == f"{largest + 16}m"


def block_of(opening):
    """What stands in the braces of a block of the proxy's file."""
    return re.search(rf"{re.escape(opening)} \{{\n(.*?)\n    +\}}\n", PROXY.read_text(), re.DOTALL)[1]


def words_of(variable, language):
    """What a variable says for each reason, in one language."""
    rows = re.findall(r'"(\S+) (\w+)" "([^"]+)";', block_of(f'map "$language $reason" ${variable}'))
    return {reason: words for spoken, reason, words in rows if spoken == language}


def test_what_the_proxy_refuses_itself_is_said_to_programs_and_to_people():
    """Programs get the shape of all refusals, people a page; both forms have the same words and statuses."""
    reasons = dict(re.findall(r"(\d+) (\w+);", block_of("map $status $reason")))
    assert reasons == {"413": "too_large", "429": "too_often", "503": "starting", "507": "disk_full"}
    refused = set(" ".join(re.findall(r"error_page ([\d ]+)", PROXY.read_text())).split())
    assert refused >= {"400", "413", "414", "429", "500", "502", "504"}
    assert words_of("error", "en").keys() == {*reasons.values(), "bad_request"}
    for variable in ("error", "hint"):
        assert words_of(variable, "vi").keys() == words_of(variable, "en").keys()
    as_json = re.search(r"return 400 '(\{.*\})'", block_of("location @refused_as_json"))[1]
    filled = json.loads(as_json.replace("$retryable", "true"))
    assert list(filled) == ["code", "error", "hint", "retryable"]
    page = block_of("location @refused_as_page")
    assert "text/html" in page
    assert {"$language", "$error", "$hint", "$status"} <= set(re.findall(r"\$\w+", page))
    assert not re.search(r'[\\"]', "".join((words_of("error", "vi") | words_of("hint", "vi")).values()))


@pytest.mark.parametrize(
    ("path", "accept", "form"),
    [
        ("/api/batches/", "text/html", "json"),
        ("/api/batches/", "", "json"),
        ("/batches/1/files/", "application/json", "json"),
        ("/batches/1/", "text/html,application/xhtml+xml", "page"),
        ("/apiary/", "", "page"),
    ],
)
def test_the_form_of_the_proxy_s_refusals(path, accept, form):
    default, *rules = re.findall(r'(?:"~([^"]+)"|default) (\w+);', block_of('map "$uri $http_accept" $form'))
    forms = (name for pattern, name in rules if re.search(pattern, f"{path} {accept}"))
    assert next(forms, default[1]) == form


def test_the_proxy_alone_is_believed_who_asks(services, compose):
    (network,) = compose["networks"]["default"]["ipam"]["config"]
    assert services["web"]["environment"]["MOCBAN_PROXIES"] == network["subnet"]
    assert ip_address(network["gateway"]) in ip_network(network["subnet"])
    assert setting("set_real_ip_from") == network["gateway"]
    headers = re.findall(r"proxy_set_header (\S+) (\S+);", PROXY.read_text())
    assert dict(headers) == {
        "Host": "$http_host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme_of_the_client",
    }


def test_the_image_copies_what_is_there():
    text = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text()
    sources = [line.split()[1:-1] for line in text.splitlines() if re.match(r"COPY (?!--from)", line)]
    for source in {name for names in sources for name in names}:
        assert (ROOT / source).exists(), source
        assert f"!{Path(source).parts[0]}\n" in ignored, source
