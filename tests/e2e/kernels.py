"""A notebook's kernel, asked over the hub's proxy as a browser does."""

import json
from typing import Any
from uuid import uuid4

import requests
from attrs import frozen
from websockets.sync.client import connect

from e2e.hubs import LIMIT


@frozen
class Kernel:
    """One kernel of a running server."""

    server: str
    """Address of the server through the proxy, such as http://127.0.0.1:8000/user/ann."""
    token: str
    id: str

    @classmethod
    def begin(cls, server: str, token: str) -> "Kernel":
        """A new kernel."""
        answer = requests.post(f"{server}/api/kernels", headers=_headers(token), json={}, timeout=LIMIT)
        answer.raise_for_status()
        return cls(server, token, answer.json()["id"])

    def run(self, code: str) -> str:
        """The last expression's value as text; raises AssertionError with the kernel's error."""
        url = f"{self.server.replace('http', 'ws', 1)}/api/kernels/{self.id}/channels"
        asked = _request(code)
        with connect(url, additional_headers=_headers(self.token), open_timeout=LIMIT) as channels:
            channels.send(json.dumps(asked))
            while True:
                told = json.loads(channels.recv(timeout=LIMIT))
                if told["parent_header"].get("msg_id") != asked["header"]["msg_id"]:
                    continue
                assert told["msg_type"] != "error", told["content"]
                if told["msg_type"] == "execute_result":
                    return str(told["content"]["data"]["text/plain"])


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"token {token}"}


def _request(code: str) -> dict[str, Any]:
    header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid4().hex}
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    return {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
