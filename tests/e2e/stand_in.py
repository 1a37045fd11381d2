"""Answers like a notebook server, and is there much sooner; needs the standard library only.

Every path tells in JSON how it was started, apart from `/end/N`, which ends it at once with status N.
"""

import contextlib
import json
import os
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Answers(BaseHTTPRequestHandler):
    """Tells environment, arguments, folder and process id."""

    def do_GET(self) -> None:
        if "/end/" in self.path:
            os._exit(int(self.path.rpartition("/")[2]))
        told = {"env": dict(os.environ), "argv": sys.argv, "cwd": os.getcwd(), "pid": os.getpid()}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("X-JupyterHub-Version", "6.1.1")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


def main() -> None:
    """Serve where the hub said, with internal TLS where the hub made certificates."""
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    server = ThreadingHTTPServer((address.hostname or "127.0.0.1", address.port or 0), Answers)
    if key := os.environ.get("JUPYTERHUB_SSL_KEYFILE"):
        context = ssl.create_default_context(
            ssl.Purpose.CLIENT_AUTH, cafile=os.environ["JUPYTERHUB_SSL_CLIENT_CA"]
        )
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(os.environ["JUPYTERHUB_SSL_CERTFILE"], key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
