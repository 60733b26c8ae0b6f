# SPDX-License-Identifier: MIT
"""A real HTTPS server on loopback, with an authority of its own, that behaves as a test wants."""

import http.server
import shutil
import ssl
import subprocess
import threading
import time
from email.utils import formatdate

from . import tap


def make_certificates(folder):
    """An authority, and a server of 'localhost' that it vouches for: (ca, certificate, key)."""
    if not shutil.which('openssl'):
        raise tap.Skip('no openssl to make certificates with')

    def openssl(*arguments):
        subprocess.run(['openssl', *map(str, arguments)], check=True, capture_output=True)

    ca, ca_key = folder / 'ca.pem', folder / 'ca.key'
    key, request, certificate = (folder / name for name in ('tls.key', 'tls.csr', 'tls.pem'))
    extensions = folder / 'extensions'
    curve = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes')
    openssl('req', '-x509', *curve, '-keyout', ca_key, '-out', ca, '-days', 2,
            '-subj', '/CN=Authority of a test', '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
    openssl('req', *curve, '-keyout', key, '-out', request, '-subj', '/CN=localhost')
    extensions.write_text('subjectAltName=DNS:localhost\n')
    openssl('x509', '-req', '-in', request, '-CA', ca, '-CAkey', ca_key, '-CAcreateserial',
            '-out', certificate, '-days', 2, '-extfile', extensions)
    return ca, certificate, key


class Server:
    """Serves one file, under any path.

    body, etag, modified    what it serves, and its validators; None: without
    status, location        for answers of another kind
    cut                     close the connection after so many bytes of the answer
    chunk, pause            send so many bytes, then wait so many seconds, until there is no more
    length                  tell another length than the body has; 0: tell none
    ranges                  honour Range and If-Range
    careless                send any part that is asked for, whatever If-Range says
    most                    send no more than so many bytes in an answer with a part
    requests                what was asked: the headers of each request, the newest last
    """

    def __init__(self, certificate=None, key=None):
        self.body, self.etag, self.modified = b'', '"1"', formatdate(1e9, usegmt=True)
        self.status, self.location, self.cut, self.length = 200, None, None, None
        self.chunk, self.pause, self.ranges = 1 << 16, 0, True
        self.careless, self.most = False, None
        self.requests = []
        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), self._handler())
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None      # a client that hangs up is no trouble
        self.scheme = 'https' if certificate else 'http'
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f'{self.scheme}://localhost:{self.server.server_port}/registry.xml'

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _answer(self, asked):
        """(status, headers, body) of an answer."""
        headers = {}
        if self.location:
            return self.status, {'Location': self.location}, b''
        if self.status != 200:
            return self.status, headers, b'no\n'
        if self.etag:
            headers['ETag'] = self.etag
        if self.modified:
            headers['Last-Modified'] = self.modified
        if self.etag and asked.get('If-None-Match') == self.etag:
            return 304, headers, b''
        start = asked.get('Range', '').removeprefix('bytes=').removesuffix('-')
        is_same = self.careless or asked.get('If-Range') in (self.etag, self.modified)
        if self.ranges and start and is_same:
            start = int(start)
            if start >= len(self.body):
                return 416, headers, b''
            part = self.body[start:][:self.most]
            last = start + len(part) - 1
            headers['Content-Range'] = f'bytes {start}-{last}/{len(self.body)}'
            return 206, headers, part
        return 200, headers, self.body

    def _handler(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                outer.requests.append(dict(self.headers))
                status, headers, body = outer._answer(self.headers)
                self.send_response(status)
                if outer.length != 0 and status != 304:
                    headers['Content-Length'] = outer.length or len(body)
                self.close_connection = True
                for name, value in {**headers, 'Connection': 'close'}.items():
                    self.send_header(name, value)
                self.end_headers()
                self._send(body if outer.cut is None else body[:outer.cut])

            def _send(self, body):
                try:
                    for at in range(0, len(body), outer.chunk):
                        self.wfile.write(body[at:at + outer.chunk])
                        self.wfile.flush()
                        time.sleep(outer.pause)
                except OSError:
                    pass                        # it hung up

            def log_message(self, *_):
                pass

        return Handler
