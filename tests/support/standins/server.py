"""A server that answers by a function, counts what it was asked, and can be made slow, silent or gone."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    seconds: float = 0
    """How long it takes to say so."""
    is_broken_off: bool = False
    """The line is cut instead."""


def in_json(value: Any, **more: Any) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), **more)


@dataclass
class StandIn:
    answer: Callable[[Asked], Answer]
    asked: list[Asked] = field(default_factory=list)
    fault: Callable[[Asked], Answer | None] = lambda asked: None
    """What goes wrong before it answers; None: nothing."""

    def __enter__(self) -> "StandIn":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def _handler(standin: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), dict(self.headers), body)
            standin.asked.append(asked)
            answer = standin.fault(asked) or standin.answer(asked)
            time.sleep(answer.seconds)
            if answer.is_broken_off:
                self.close_connection = True
                return
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)
            except OSError:
                pass  # whoever asked did not wait

        do_GET = do_POST = _serve

        def log_message(self, *_: object) -> None:
            pass

    return Handler
