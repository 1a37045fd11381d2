"""Ends on the resource what a run that was stopped had begun there, and removes what it had laid down.

Without a terminal nobody tells a task there that its connection is gone. The way is the run's own shared
connection: what descends from the same `sshd` process is the run's, also when what is above it ends first,
and nothing else is. Folders that Ansible made there have the number of the process here in their names.
"""

import shlex

_PROGRAM = """
import os, shutil, signal, subprocess, sys, time
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ''
def processes():
    found = {}
    for name in os.listdir('/proc'):
        stat = read('/proc/%s/stat' % name).rpartition(')')[2].split() if name.isdigit() else ''
        if stat and stat[0] not in 'ZX':
            found[int(name)] = int(stat[1]), stat[19]
    return found
known = processes()
mine = [os.getpid()]
while not read('/proc/%d/comm' % mine[-1]).startswith('sshd'):
    mine.append(known.get(mine[-1], (0, ''))[0])
    if mine[-1] < 2:
        raise SystemExit(1)
noted = {}
def victims():
    known = processes()
    found = [pid for pid in noted if pid in known and known[pid][1] == noted[pid]]
    for ancestor in (mine[-1], *found):
        children = [ancestor]
        for each in children:
            children += [pid for pid in known if known[pid][0] == each and pid not in mine]
        found += [pid for pid in children[1:] if pid not in found]
    noted.update((pid, known[pid][1]) for pid in found)
    return found
def end(number, pids):
    refused = []
    for pid in pids:
        try:
            os.kill(pid, number)
        except PermissionError:
            refused.append(str(pid))
        except OSError:
            pass
    if refused:
        try:
            subprocess.call(['sudo', '-n', 'kill', '-%d' % number] + refused, stderr=subprocess.DEVNULL)
        except OSError:
            pass
end(signal.SIGINT, victims())
until = time.time() + 1
while victims() and time.time() < until:
    time.sleep(0.02)
for again in range(5):
    end(signal.SIGKILL, victims())
begun, ran = float(sys.argv[1]), sys.argv[2:]
def ours(name):
    parts = name.split('-')
    return name.startswith('ansible-tmp-') and parts[3] in ran and float(parts[2]) >= begun
for folder in (os.path.expanduser('~/.ansible/tmp'), '/var/tmp', '/tmp'):
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        try:
            if ours(name):
                shutil.rmtree(os.path.join(folder, name), True)
        except (IndexError, ValueError):
            pass
"""


def farewell(ssh: tuple[str, ...], to: tuple[str, ...], python: str) -> tuple[str, ...]:
    """The command for it; fails at once where there is no shared connection any more.

    Its further arguments: when the run began here (seconds since 1970), and the numbers of its processes.
    """
    # hexadecimal, since nobody knows what the account's shell takes for what
    remote = f"exec(bytes.fromhex('{_PROGRAM.encode().hex()}'))"
    command = f"{shlex.quote(python)} -I -S -c {shlex.quote(remote)}"
    return ("ssh", *ssh, "-o", "ProxyCommand=false", *to, command)
