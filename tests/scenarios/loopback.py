"""A small web on loopback: documents by host and path, with validators, and a log of what was asked."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Document:
    """What is answered to a request for one address."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200
    location: str | None = None  # where a redirect leads

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    url: str
    headers: dict[str, str]
    status: int

    @property
    def is_conditional(self) -> bool:
        return "if-none-match" in self.headers or "if-modified-since" in self.headers


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that leaves in the middle is no news for the test's standard error."""

    request_queue_size = 512  # a hundred hosts are asked at once; the default of 5 refuses some of them


@dataclass
class SmallWeb:
    """Serves documents by their address (without a port) between `with` and its end; anything else is 404."""

    documents: Mapping[str, Document]
    log: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is inherited)
                """Nothing is written to standard error."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        url = f"http://{headers.get('host', '').partition(':')[0]}{handler.path}"
        found = self.documents.get(url, Document(b"Not found.", "text/plain", 404))
        is_known = found.status == 200 and headers.get("if-none-match") == found.etag
        status = 304 if is_known else found.status
        body = b"" if is_known else found.body
        self.log.append(Asked(url=url, headers=headers, status=status))
        handler.send_response(status)
        if found.location is not None:
            handler.send_header("Location", found.location)
        handler.send_header("ETag", found.etag)
        handler.send_header("Content-Type", found.content_type)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def path_of(url: str) -> str:
    """Path and query of an address, as a request line has them."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
