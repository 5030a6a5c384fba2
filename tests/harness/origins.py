"""Sites on origins of their own: what each path answers is said by a test, field by field."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.harness.http_server import run_server

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers. ``body`` may come in parts, each as late as it likes."""

    body: bytes | Callable[[], Iterator[bytes]] = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    fields: Fields = field(default_factory=dict)


@dataclass(slots=True)
class Origin:
    """A running site. ``answers`` may be changed while it runs; ``asked`` has the paths that were asked for."""

    answers: dict[str, Answer]
    asked: list[str]
    url: str = ""


@contextmanager
def serve(answers: dict[str, Answer] | None = None) -> Iterator[Origin]:
    """A site on a free port of 127.0.0.1 until the block ends; unknown paths are 404."""
    origin = Origin(answers if answers is not None else {}, [])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            origin.asked.append(self.path)
            answer = origin.answers.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.media_type)
            for name, value in answer.fields.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):  # the browser had enough
                for part in [answer.body] if isinstance(answer.body, bytes) else answer.body():
                    self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            """Keep the test's output to itself."""

    with run_server(Handler) as port:
        origin.url = f"http://127.0.0.1:{port}"
        yield origin
