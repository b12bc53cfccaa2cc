"""The environment is read once and checked; a mistake is named with what to set."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.config.env import ROOT, BadEnvironment, read_env


def read(tmp_path, **values):
    return read_env({"MOCBAN_DATA": str(tmp_path), "MOCBAN_SECRET_KEY": "s"} | values)


def test_nothing_set_is_an_embedded_installation():
    env = read_env({"MOCBAN_SECRET_KEY": "s"})
    assert env.data == ROOT / "var"
    assert (env.host, env.port, env.database_url, env.admin_password) == ("127.0.0.1", 8000, "", "")
    assert env.embedded_broker
    assert env.broker.endswith("var/broker/broker.sock")
    assert env.broker.startswith("redis+socket:///")
    assert not env.https
    assert not env.debug
    assert env.hook_networks == ()


def test_what_is_set_is_used(tmp_path):
    env = read(
        tmp_path,
        MOCBAN_PORT="9000",
        MOCBAN_HOST="0.0.0.0",
        MOCBAN_DATABASE_URL="postgres://db/mocban",
        MOCBAN_BROKER_URL="redis://broker:6379/0",
        MOCBAN_ALLOWED_HOSTS="a.example, b.example ,",
        MOCBAN_HTTPS="yes",
        MOCBAN_WORKERS="3",
        MOCBAN_HOOK_NETWORKS="10.2.0.0/16, 192.168.1.7,fd00::/8",
        MOCBAN_IIIF_HOSTS="IIIF.example.org, *.example.net",
    )
    assert env.iiif_hosts == ("iiif.example.org", "*.example.net")
    networks = [str(network) for network in env.hook_networks]
    assert networks == ["10.2.0.0/16", "192.168.1.7/32", "fd00::/8"]
    assert (env.port, env.host, env.workers, env.https) == (9000, "0.0.0.0", 3, True)
    assert env.allowed_hosts == ("a.example", "b.example")
    assert not env.embedded_broker
    assert env.broker == "redis://broker:6379/0"


def test_an_empty_variable_is_the_default(tmp_path):
    """Compose files hand down ``MOCBAN_PORT=`` for what is not set."""
    env = read(tmp_path, MOCBAN_PORT="", MOCBAN_HTTPS="", MOCBAN_WORKERS="", MOCBAN_HOST="")
    assert (env.port, env.https, env.host) == (8000, False, "127.0.0.1")
    assert env.workers >= 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOCBAN_PORT", "0"),
        ("MOCBAN_PORT", "65536"),
        ("MOCBAN_PORT", "-1"),
        ("MOCBAN_PORT", "eight"),
        ("MOCBAN_PORT", "８０００"),
        ("MOCBAN_WORKERS", "0"),
        ("MOCBAN_LEASE_SECONDS", "1"),
        ("MOCBAN_HTTPS", "maybe"),
        ("MOCBAN_HOOK_NETWORKS", "10.2.0.1/16"),
        ("MOCBAN_HOOK_NETWORKS", "localhost"),
        ("MOCBAN_DATABASE_URL", "mysql://db/mocban"),
        ("MOCBAN_BROKER_URL", "amqp://broker"),
        ("MOCBAN_PROT", "8000"),
    ],
)
def test_a_mistake_is_named(tmp_path, name, value):
    with pytest.raises(BadEnvironment, match=name):
        read(tmp_path, **{name: value})


def test_an_unknown_name_is_told_the_known_ones(tmp_path):
    with pytest.raises(BadEnvironment, match="MOCBAN_PORT"):
        read(tmp_path, MOCBAN_PROT="8000")


def test_other_programs_variables_are_not_ours(tmp_path):
    assert read(tmp_path, PORT="1", DJANGO_DEBUG="1").port == 8000


class TestSecret:
    def test_it_is_made_once_and_for_its_owner_alone(self, tmp_path):
        made = [read_env({"MOCBAN_DATA": str(tmp_path / "new")}).secret_key for _ in range(2)]
        assert made[0] == made[1]
        assert len(made[0]) >= 50
        assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600

    def test_processes_that_start_together_agree(self, tmp_path):
        environ = {"MOCBAN_DATA": str(tmp_path / "new")}
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(lambda _: read_env(environ).secret_key, range(32)))
        assert len(keys) == 1
        assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]

    def test_one_that_is_set_is_not_stored(self, tmp_path):
        assert read(tmp_path).secret_key == "s"
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_cannot_be_made_is_named(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(BadEnvironment, match="set MOCBAN_DATA"):
            read_env({"MOCBAN_DATA": str(tmp_path / "file" / "var")})


@pytest.mark.parametrize("address", ["mysql://ann:s3cret@db/mocban", "postgresql://ann:s3cret/x@db/mocban"])
def test_no_message_repeats_a_password(tmp_path, address):
    with pytest.raises(BadEnvironment, match="MOCBAN_DATABASE_URL") as error:
        read(tmp_path, MOCBAN_DATABASE_URL=address)
    assert "s3cret" not in str(error.value)
