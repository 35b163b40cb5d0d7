import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from etl.store.records import process
from etl.store.records.process import Process

TELL = """
import json, sys
from dataclasses import asdict
from etl.store.records import process
print(json.dumps(asdict(process.current())), flush=True)
sys.stdin.read()
"""


def test_this_process_lives() -> None:
    """A process knows itself; one of another start has ended."""
    me = process.current()

    assert process.is_alive(me) is True
    assert process.is_alive(replace(me, started="1")) is False
    assert process.is_alive(replace(me, host="elsewhere")) is None


def test_what_cannot_be_asked_is_not_dead() -> None:
    """A process that a container or another boot of this host's name counted is neither alive nor dead."""
    me = process.current()
    boot, *_ = me.boot.split() or [""]

    assert process.is_alive(replace(me, boot=f"{boot} pid:[1]", started="1")) is None
    assert process.is_alive(replace(me, boot="another")) is None
    assert process.is_alive(replace(me, boot=boot)) is True  # as earlier releases noted it
    assert process.is_alive(replace(me, boot=boot, started="1")) is False
    assert process.has_restarted(replace(me, boot="another"))
    assert not process.has_restarted(replace(me, boot=f"{boot} pid:[1]"))


def test_container_of_the_same_name() -> None:
    """A process of another namespace, under the same name of the host, is not taken for a dead one."""
    command = ["unshare", *(["--user", "--map-root-user"] if os.getuid() else []), "--pid", "--fork"]
    try:
        inside = subprocess.Popen(
            [*command, sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    except FileNotFoundError:
        pytest.skip("there is no unshare here")
    with inside:
        assert inside.stdout
        said = inside.stdout.readline()
        if not said:
            pytest.skip("namespaces may not be made here")
        there = Process(**json.loads(said))
        assert there.host == process.current().host
        assert there.pid == 1
        assert process.is_alive(there) is None
        inside.communicate()
