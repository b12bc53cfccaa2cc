from dataclasses import replace

import pytest

from webapp.config.env import read_env
from webapp.config.processes import embedded_broker, processes
from webapp.jobs.kinds import QUEUES


@pytest.fixture
def env(tmp_path):
    return read_env({"MOCBAN_DATA": str(tmp_path), "MOCBAN_SECRET_KEY": "given", "MOCBAN_WORKERS": "3"})


def command(env, name):
    return next(process.command for process in processes(env) if process.name == name)


def after(command, option):
    return command[command.index(option) + 1]


def test_each_queue_has_its_worker(env):
    served = [after(process.command, "--queues") for process in processes(env) if "worker" in process.command]
    assert ",".join(served).split(",") == list(QUEUES)


def test_the_operators_numbers_are_used(env):
    assert after(command(env, "batch"), "--concurrency") == "3"
    assert after(command(env, "interactive"), "--concurrency") == "1"
    there = replace(env, host="0.0.0.0", port=9000)
    assert after(command(there, "web"), "--bind") == "0.0.0.0:9000"


def test_exactly_one_process_beats(env):
    assert sum("beat" in process.command for process in processes(env)) == 1


def test_the_embedded_broker_is_off_the_network_and_keeps_what_it_is_told(env):
    broker = embedded_broker(env, "/somewhere/server").command
    assert after(broker, "--port") == "0"
    assert after(broker, "--unixsocket") == str(env.broker_socket)
    assert after(broker, "--appendonly") == "yes"
    assert env.broker.endswith(str(env.broker_socket))


def test_a_deep_folder_has_its_socket_elsewhere(tmp_path):
    deep = tmp_path / ("long" * 30)
    one, other = (read_env({"MOCBAN_DATA": f"{deep}{n}", "MOCBAN_SECRET_KEY": "given"}) for n in "12")
    assert len(str(one.broker_socket)) < 100
    assert one.broker_socket != other.broker_socket
    assert one.broker_socket == replace(one).broker_socket
