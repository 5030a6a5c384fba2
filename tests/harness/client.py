"""A client that says exactly what it is told to, and leaves the reading of responses to ``http.client``."""

import http.client
import io
import socket
from dataclasses import dataclass

PATIENCE = 60.0  # seconds until a server that says nothing fails the test


@dataclass(frozen=True, slots=True)
class Response:
    """A response as the client's parser read it."""

    status: int
    reason: str
    fields: tuple[tuple[str, str], ...]
    body: bytes
    version: int = 11

    def __getitem__(self, name: str) -> str:
        """The value of a field that is there exactly once."""
        (value,) = self.every(name)
        return value

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for given, value in self.fields if given.lower() == name.lower()]

    def names(self) -> set[str]:
        """The fields that are there, in lower case."""
        return {name.lower() for name, _ in self.fields}

    def told(self) -> "Response":
        """The response without what changes by the second."""
        fields = tuple((name, value) for name, value in self.fields if name != "Date")
        return Response(self.status, self.reason, fields, self.body, self.version)


class Client:
    """Speaks to one server, over a new connection each time."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address

    def connect(self) -> socket.socket:
        """A connection whose silence is an error."""
        return socket.create_connection(self.address, PATIENCE)

    def ask(self, target: str, *fields: str, method: str = "GET", host: str = "news.example.org") -> Response:
        """The answer to one request with these field lines."""
        (response,) = self.send(head(target, *fields, method=method, host=host), method)
        return response

    def send(self, octets: bytes, *methods: str) -> list[Response]:
        """The answers to ``octets``, in which there are requests of these methods; fewer if the server closes."""
        with self.connect() as connection:
            connection.sendall(octets)
            stream = _Stream(connection)
            return [response for method in methods if (response := stream.read_response(method)) is not None]

    def say_all(self, octets: bytes) -> list[Response]:
        """Every answer until the server closes, which it does when the client has no more to say."""
        with self.connect() as connection:
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
            stream, found = _Stream(connection), []
            while (response := stream.read_response("GET")) is not None:
                found.append(response)
        return found


def head(target: str, *fields: str, method: str = "GET", host: str = "news.example.org") -> bytes:
    """A request without a body, octet by octet (characters are Latin-1)."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1")


class _Stream(io.BufferedReader):
    """A connection from which one response after the other is read."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(socket.SocketIO(connection, "r"))

    def makefile(self, _mode: str) -> "_Stream":
        """What ``http.client`` asks a socket for."""
        return self

    def close(self) -> None:
        """Stay open: the end of a response is not the end of the connection."""

    def read_response(self, method: str) -> Response | None:
        """The next response, to a request of that method; None when the server has closed."""
        if not self.peek(1):
            return None
        response = http.client.HTTPResponse(self, method=method)  # type: ignore[arg-type]  # makefile is all it needs
        response.begin()
        body = response.read()
        return Response(response.status, response.reason, tuple(response.getheaders()), body, response.version)
