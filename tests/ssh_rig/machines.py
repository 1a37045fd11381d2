"""What a host of the tests is made of: a disk and a card that last, and processes from boot to power off."""

import os
import subprocess
from pathlib import Path

import psutil

from ssh_rig.links import ENVIRONMENT, Link

SCRIPTS = Path(__file__).parent


class Machine:
    """Namespaces that hold a file system, a network and, while it runs, processes.

    Nothing of it has a name on this machine but the cable: the namespaces, and all that is mounted or runs in
    them, go with the process that made them, however it ends.
    """

    def __init__(self, name: str, folder: Path, *, python: bool = True) -> None:
        self.name = name
        self.link = Link()
        self._folder = folder
        self._python = python
        self._disk: subprocess.Popen[str] | None = None
        self._power: subprocess.Popen[str] | None = None
        self._init: psutil.Process | None = None

    def build(self) -> None:
        """Make disk, network and keys; needs root."""
        self._folder.mkdir(mode=0o700, parents=True)
        arguments = [str(self._folder), self.name, "with-python" if self._python else "without-python"]
        script = str(SCRIPTS / "disk.sh")
        disk = self._disk = self._begun("unshare", "--net", "--mount", "--uts", "sh", script, *arguments)
        self._hear(disk, "open")
        self.link.connect(disk.pid)
        _tell(disk, f"{self.link.address}/30\n")
        self._hear(disk, "ready")

    def power_on(self) -> None:
        """Boot; return when sshd listens."""
        assert self._disk, f"{self.name} has not been built"
        self.link.mend()
        within = ["nsenter", f"--target={self._disk.pid}", "--net", "--mount", "--uts", "--root", "--wd"]
        anew = ["unshare", "--pid", "--ipc", "--mount-proc", "--fork", "--kill-child"]
        self._power = self._begun(*within, *anew, "/bin/sh", "/usr/sbin/ssh-rig-boot")
        self._hear(self._power, "up")
        (self._init,) = psutil.Process(self._power.pid).children()

    def power_off(self) -> None:
        """End all processes; nobody who is connected hears of it."""
        if self._power:
            self.link.cut()
            _end(self._power)
        self._power = self._init = None

    def scrap(self) -> None:
        """Remove everything."""
        for part in (self._power, self._disk):
            if part:
                _end(part)
        self.link.remove()
        self._power = self._init = self._disk = None
        self._folder.rmdir()

    @property
    def root(self) -> Path:
        """Its file system as this machine sees it; an absolute link in it leads to a file of this machine."""
        within = self._init or self._disk
        assert within, f"{self.name} does not exist"
        return Path(f"/proc/{within.pid}/root")

    def run(self, *command: str, text: str = "") -> str:
        """Run a command in it as root, with a text to read; return what it writes.

        Raises CalledProcessError, with what was written to both outputs; says what it complained of.
        """
        assert self._init, f"{self.name} is off"
        within = ["nsenter", f"--target={self._init.pid}", "--net", "--mount", "--uts", "--ipc", "--pid",
                  "--root", "--wd"]  # fmt: skip
        done = subprocess.run([*within, *command], input=text, env=ENVIRONMENT, capture_output=True,
                              text=True, timeout=60)  # fmt: skip
        try:
            done.check_returncode()
        except subprocess.CalledProcessError as error:
            error.add_note(done.stderr)
            raise
        return done.stdout

    def processes(self) -> list[psutil.Process]:
        """All its processes, with their numbers on this machine; none while it is off."""
        if not self._init:
            return []
        mine = os.readlink(f"/proc/{self._init.pid}/ns/pid")
        return [process for process in psutil.process_iter() if _namespace(process) == mine]

    @property
    def _log(self) -> Path:
        return self._folder.parent / f"{self.name}.log"

    def _begun(self, *command: str) -> "subprocess.Popen[str]":
        # a session of its own: Ctrl-C is for the tests, which then remove what they made
        with self._log.open("a") as log:
            return subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=log, text=True, start_new_session=True)  # fmt: skip

    def _hear(self, part: "subprocess.Popen[str]", word: str) -> None:
        assert part.stdout
        heard = part.stdout.readline().strip()
        assert heard == word, f"{self.name} said {heard!r}: {self._log.read_text()}"


def _tell(part: "subprocess.Popen[str]", line: str) -> None:
    assert part.stdin
    part.stdin.write(line)
    part.stdin.flush()


def _end(part: "subprocess.Popen[str]") -> None:
    with part:
        if part.stdin:
            part.stdin.close()
        part.wait(timeout=20)


def _namespace(process: psutil.Process) -> str | None:
    try:
        return os.readlink(f"/proc/{process.pid}/ns/pid")
    except OSError:
        return None
