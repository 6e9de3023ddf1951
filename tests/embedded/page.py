"""A page that answers for its name, on the open socket it is handed: `python -m tests.embedded.page FD`."""

import json
import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import settings
from embedded.keys import key_ring
from store.engine.secrets import WHO_ANSWERS, Keys


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        keys = Keys((key.id, key.secret) for key in key_ring(settings.load().data))
        mark = keys.keyed_hash(self.path.partition("=")[2].encode(), WHO_ANSWERS)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"mark": mark}).encode())


if __name__ == "__main__":
    server = HTTPServer(("", 0), Page, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=int(sys.argv[1]))
    server.serve_forever()
