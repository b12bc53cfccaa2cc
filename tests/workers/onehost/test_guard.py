import os
import socket
import subprocess
import sys

import pytest

from workers.onehost.guard import (
    CannotStart,
    answers,
    make_broker_folders,
    only_one,
    require_free_port,
)

HOLD = """
import sys, time
from pathlib import Path
from workers.onehost.guard import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_start_on_the_same_folder_is_refused_in_one_line(tmp_path):
    with only_one(tmp_path), pytest.raises(CannotStart, match="runs already") as refused, only_one(tmp_path):
        pass
    assert "\n" not in str(refused.value)
    with only_one(tmp_path):  # and once it is over, the folder is free again
        assert (tmp_path / "up.lock").exists()


def test_a_killed_holder_does_not_stand_in_the_way(tmp_path):
    holder = subprocess.Popen([sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(CannotStart), only_one(tmp_path):
        pass
    holder.kill()
    holder.wait()
    with only_one(tmp_path):
        assert (tmp_path / "up.lock").exists()


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CannotStart, match="set MOCBAN_DATA"), only_one(tmp_path / "file" / "var"):
        pass


def test_a_taken_port_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=f"port {port} is taken.*MOCBAN_PORT"):
            require_free_port("127.0.0.1", port)
    assert require_free_port("127.0.0.1", port) is None


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(CannotStart, match="cannot be listened on"):
        require_free_port("192.0.2.1", 8000)


def test_a_socket_left_by_a_killed_broker_is_cleared_away(tmp_path):
    path = tmp_path / "broker" / "broker.sock"
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    assert path.exists()
    assert not answers(path)
    make_broker_folders(tmp_path, path)
    assert not path.exists()


def test_two_brokers_never_share_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr("workers.onehost.guard._OLD_ONE_GONE_WITHIN", 0.2)
    path = tmp_path / "broker" / "broker.sock"
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as earlier:
        earlier.bind(str(path))
        earlier.listen()
        with pytest.raises(CannotStart, match="an earlier broker"):
            make_broker_folders(tmp_path, path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand a folder to another account")
def test_a_socket_folder_of_another_account_is_refused(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    os.chown(other, 12345, 12345)
    with pytest.raises(CannotStart, match="belongs to another account"):
        make_broker_folders(tmp_path, other / "broker.sock")
