"""When a waiter may take the lease, and whom it knows to be dead."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crm.holder import Holder
from crm.lease import Beat, Watch
from crm.logins import LONGEST, pause

SEEN = Watch(Beat("other", 7), since=100.0)


@pytest.mark.parametrize(
    ("beat", "now", "silent"),
    [
        (Beat("other", 7), 101.9, False),
        (Beat("other", 7), 102.0, True),
        (Beat("other", 8), 200.0, False),
        (Beat("third", 7), 200.0, False),
    ],
)
def test_a_lease_is_free_after_a_whole_time_without_a_beat_by_the_waiters_clock(beat, now, silent):
    assert SEEN.silent(beat, now, lease_seconds=2.0) is silent


def test_a_live_process_is_not_known_dead_and_one_that_was_killed_is():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    stat = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
    us = Holder.this_process()
    other = replace(us, pid=child.pid, born=int(stat[19]), token="t")
    assert not us.knows_dead(str(other))
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert us.knows_dead(str(other)), "a zombie is dead"
    child.wait()
    child.stdin.close()
    assert us.knows_dead(str(other))


def test_another_process_with_the_number_of_a_dead_one_is_not_taken_for_it():
    us = Holder.this_process()
    assert us.knows_dead(str(replace(us, born=us.born - 1, token="before")))
    assert not us.knows_dead(str(replace(us, token="beside")))


def test_nothing_is_known_of_processes_of_another_machine_or_boot():
    us = Holder.this_process()
    assert not us.knows_dead(str(replace(us, space="other.1", pid=2**22 + 1)))
    assert not us.knows_dead("nonsense")


def test_mistyping_costs_nothing_and_guessing_ever_more():
    assert [pause(failures) for failures in (0, 1, 2)] == [timedelta()] * 3
    assert [pause(failures).total_seconds() for failures in (3, 4, 5, 9)] == [2, 4, 8, 128]
    assert pause(10_000) == LONGEST
