"""Overpass, played by a server on this machine."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from routes.errors import OSMReadError
from routes.fetch import Network
from routes.io.osm.overpass import fetch_overpass
from routes.model.network import WayKind

pytest.importorskip("osmnx")

BOUNDS = (1.49, 42.49, 1.51, 42.51)
STATUS = """Connected as: 2130706433
Current time: 2024-05-06T07:08:09Z
Announced endpoint: none
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
NODES = {1: (1.500, 42.500), 2: (1.501, 42.500), 3: (1.502, 42.501), 4: (1.503, 42.500)}


def answer(ways):
    nodes = [{"type": "node", "id": i, "lon": lon, "lat": lat} for i, (lon, lat) in NODES.items()]
    found = [{"type": "way", "id": i, "nodes": refs, "tags": tags} for i, refs, tags in ways]
    return json.dumps({"version": 0.6, "elements": found + nodes})


class Server(socketserver.ThreadingTCPServer):
    """Answers of an Overpass server by path; what is asked is kept."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, interpreter, status=(200, STATUS)):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {"/api/interpreter": interpreter, "/api/status": status}
        self.asked = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/api"


class Handler(BaseHTTPRequestHandler):
    def _reply(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked.append((self.path, body, dict(self.headers)))
        code, text = self.server.answers.get(self.path, (404, "no such thing"))
        raw = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain" if self.path.endswith("status") else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = _reply  # noqa: N815 - names that the library asks for

    def log_message(self, *_):
        pass


@pytest.fixture
def serve(monkeypatch, tmp_path):
    servers = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def start(*answers, **more):
        server = Server(*answers, **more)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        monkeypatch.setenv("ROUTES_OVERPASS_URL", server.url)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


WAYS = [
    (10, [1, 2, 3], {"highway": "path", "sac_scale": "difficult_alpine_hiking"}),
    (11, [3, 4], {"highway": "primary", "oneway": "yes"}),
    (12, [1, 4], {"highway": "track", "access": "private"}),
]


def test_ways_of_a_server_become_a_network(serve):
    server = serve((200, answer(WAYS)))
    network = fetch_overpass(BOUNDS, Network())
    pairs = {
        (round(float(network.lon_deg[a]), 3), round(float(network.lon_deg[b]), 3))
        for a, b in zip(network.start, network.end, strict=True)
    }
    pairs = {tuple(sorted(pair)) for pair in pairs}
    assert pairs == {(1.5, 1.501), (1.501, 1.502), (1.502, 1.503)}
    assert set(network.kind.tolist()) == {WayKind.PATH, WayKind.ROAD}
    assert network.is_hard.any()
    assert not network.is_marked.any()
    assert network.bounds == BOUNDS
    assert network.source == f"Overpass, {server.url}"
    assert {path for path, _, _ in server.asked} == {"/api/status", "/api/interpreter"}
    assert all("trek-routes" in headers["User-Agent"] for _, _, headers in server.asked)


def test_every_stretch_comes_once(serve):
    """A graph for driving has an edge each way; twice the length would make an island twice as large."""
    serve((200, answer(WAYS)))
    network = fetch_overpass(BOUNDS, Network())
    pairs = [frozenset(pair) for pair in zip(network.start.tolist(), network.end.tolist(), strict=True)]
    assert len(pairs) == len(set(pairs)) == 3


def test_a_server_without_a_status_page_will_do(serve):
    serve((200, answer(WAYS)), status=(404, "no such thing"))
    assert fetch_overpass(BOUNDS, Network()).start.size


def refused(match, network=None):
    with pytest.raises(OSMReadError, match=match) as caught:
        fetch_overpass(BOUNDS, network or Network())
    assert "\n" not in str(caught.value)


def test_a_window_without_ways_says_so(serve):
    serve((200, json.dumps({"version": 0.6, "elements": []})))
    refused(r"/api knows no way on foot between \(1\.49, 42\.49\)")


def test_a_server_that_fails_says_so(serve):
    serve((500, "broken"))
    refused("did not answer as it should: .*500.*Try later, or give an extract")


@pytest.mark.parametrize("text", ["<html>log in</html>", "", "{", '{"version": 0.6, "elem'])
def test_garbage_is_not_taken_for_an_empty_window(serve, text):
    serve((200, text))
    refused("did not answer as it should")


@pytest.mark.parametrize(
    "text", ["[]", "null", '{"elements": 5}', '{"remark": "runtime error: out of memory"}']
)
def test_json_of_something_else_is_no_traceback(serve, text):
    serve((200, text))
    refused("did not answer as it should|knows no way on foot")


def test_a_server_that_is_not_there_says_so(monkeypatch):
    monkeypatch.setenv("ROUTES_OVERPASS_URL", "http://127.0.0.1:9/api")
    refused(r"Overpass cannot be asked: .*127\.0\.0\.1:9.*Give an extract")


def test_offline_nothing_is_asked(serve):
    server = serve((200, answer(WAYS)))
    refused(r"Overpass cannot be asked: .*--offline", Network(is_allowed=False))
    assert server.asked == []


def test_a_password_in_the_url_is_not_shown(serve, monkeypatch):
    server = serve((500, "broken"), status=(503, "busy"))
    monkeypatch.setenv("ROUTES_OVERPASS_URL", server.url.replace("http://", "http://bob:secret@"))
    with pytest.raises(OSMReadError) as caught:
        fetch_overpass(BOUNDS, Network())
    assert "secret" not in str(caught.value)


def test_a_url_that_is_none_is_refused(monkeypatch):
    monkeypatch.setenv("ROUTES_OVERPASS_URL", "ftp://example.org/api")
    refused("ROUTES_OVERPASS_URL is 'ftp://example.org/api', which is no http")
