"""Opening: a port, a token, the browser, and the server until Ctrl-C."""

from __future__ import annotations

import contextlib
import secrets
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Final

import uvicorn

from backsweep.errors import SettingError
from backsweep.lab.ahead import Ahead
from backsweep.lab.budget import LIMITS
from backsweep.lab.curve import warm_up
from backsweep.lab.patience import Patient
from backsweep.lab.server import create

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["LOOPBACK", "PORT", "free_socket", "kept_token", "serve"]

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 1986  # if it is free: then links keep their meaning from day to day
TOKEN_BYTES: Final = 24
SOCKETS: Final = 65_536  # that are open at once, where the system allows it


def free_socket(port: int | None) -> socket.socket:
    """Listen on loopback: at this port, or at 1986, or else at any that is free.

    Raises
    ------
    SettingError
        If the port that was asked for cannot be had.
    """
    for number in (PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, number))
            listener.listen()  # whoever comes before the server is ready, waits
        except OSError:
            listener.close()
            continue
        return listener
    raise SettingError(
        f"`port` must be free on {LOOPBACK}, got {port}, which is taken.",
        hint="leave it out to have a free one chosen.",
    )


def kept_token(folder: Path | None) -> str:
    """Give this user's token, made at the first time and readable by nobody else.

    A page that was left open goes on speaking to the server after it was started
    again; therefore the token is kept. Where it cannot be, it is made anew.
    """
    if folder is None:
        return secrets.token_urlsafe(TOKEN_BYTES)
    path = folder / "lab-token"
    with contextlib.suppress(OSError, UnicodeDecodeError):
        token = path.read_text("ascii").strip()
        if len(token) >= TOKEN_BYTES and path.stat().st_mode & 0o077 == 0:
            return token
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(token, "ascii")
    return token


def serve(
    listener: socket.socket,
    token: str,
    *,
    say: Callable[[str], None],
    opens: bool,
    folder: Path | None = None,
) -> None:
    """Serve the lab until Ctrl-C.

    Parameters
    ----------
    listener
        Bound to loopback.
    token
        What the pages must carry.
    say
        Told the address once it answers.
    opens
        Whether to open the browser there.
    folder
        Where records are; the folder in which it is started where None.
    """
    _allow_many_sockets()
    port = listener.getsockname()[1]
    address = f"http://{LOOPBACK}:{port}/#token={token}"
    ahead = Ahead()
    server = uvicorn.Server(
        uvicorn.Config(
            create(token, port=port, folder=folder, ahead=ahead),
            log_level="error",
            access_log=False,
            server_header=False,
            http=Patient,
            ws="websockets-sansio",
            ws_max_size=LIMITS.body_bytes,
            timeout_graceful_shutdown=2,
        )
    )
    threading.Thread(target=_prepare, args=(ahead,), daemon=True).start()
    say(address)
    if opens:
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has ended in good order
        server.run(sockets=[listener])
    ahead.end()


def _prepare(ahead: Ahead) -> None:
    """Prepare the first answers, then those that may be asked for later."""
    warm_up()
    ahead.work_in_a_process()


def _allow_many_sockets() -> None:
    """Take as many as the system allows: idle ones shall not keep others out."""
    if sys.platform != "win32":
        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = SOCKETS if most == resource.RLIM_INFINITY else min(most, SOCKETS)
        if now != resource.RLIM_INFINITY and now < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
