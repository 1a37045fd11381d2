"""Ends on the resource what a run that was stopped had begun there.

Without a terminal nobody tells a task there that its connection is gone. The way is the run's own shared
connection: what descends from the same `sshd` process is the run's, and nothing else is.
"""

import shlex

_PROGRAM = """
import os, signal, subprocess
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ''
def parents():
    found = {}
    for name in os.listdir('/proc'):
        stat = read('/proc/%s/stat' % name) if name.isdigit() else ''
        if stat:
            found[int(name)] = int(stat.rpartition(')')[2].split()[1])
    return found
known = parents()
mine = [os.getpid()]
while not read('/proc/%d/comm' % mine[-1]).startswith('sshd'):
    mine.append(known.get(mine[-1], 0))
    if mine[-1] < 2:
        raise SystemExit(1)
for again in range(5):
    known = parents()
    found = [mine[-1]]
    for ancestor in found:
        found.extend(pid for pid, parent in known.items() if parent == ancestor and pid not in mine)
    victims = found[1:]
    if not victims:
        break
    for pid in victims:
        try:
            os.kill(pid, signal.SIGKILL)
        except PermissionError:
            subprocess.call(['sudo', '-n', 'kill', '-9', str(pid)], stderr=subprocess.DEVNULL)
        except OSError:
            pass
"""


def farewell(ssh: tuple[str, ...], to: tuple[str, ...], python: str) -> tuple[str, ...]:
    """The command for it; fails at once where there is no shared connection any more."""
    # hexadecimal, since nobody knows what the account's shell takes for what
    remote = f"exec(bytes.fromhex('{_PROGRAM.encode().hex()}'))"
    command = f"{shlex.quote(python)} -I -S -c {shlex.quote(remote)}"
    return ("ssh", *ssh, "-o", "ProxyCommand=false", *to, command)
