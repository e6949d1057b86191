#!/usr/bin/env python3
"""A log-in page for cards: HTTPS that asks for the certificate of 利用者証明, checks it against the authority's
revocation list or asks its OCSP responder, and greets whoever holds the card. Standard library and openssl only.

    vmyna pki crl >crl.pem                                    (or: vmyna pki ocsp --port 8080)
    server.py --port 8443 --certificate server.pem --key server.key --root "$VMYNA_ROOT_AUTH" --crl crl.pem
    server.py … --ocsp http://127.0.0.1:8080
"""

import argparse
import html
import http.server
import ssl
import subprocess
import tempfile



def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8443, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--certificate", default="server.pem", help="the server's own")
    parser.add_argument("--key", default="server.key")
    parser.add_argument("--root", required=True, help="the root above the cards' certificates (PEM)")
    parser.add_argument("--crl", help="a revocation list (PEM), looked at in the handshake")
    parser.add_argument("--ocsp", help="the address of an OCSP responder, asked for each log-in")
    return parser.parse_args()


def context(options):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.certificate, options.key)
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(options.root)
    # TLS 1.3 wants RSA-PSS, which the common middleware for this card does not offer.
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    if options.crl:
        tls.load_verify_locations(options.crl)
        tls.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return tls


def ocsp_status(options, der):
    """'good', 'revoked' or 'unknown'; anything that goes wrong is 'unknown'."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(ssl.DER_cert_to_PEM_cert(der))
        file.flush()
        answer = subprocess.run(
            ["openssl", "ocsp", "-issuer", options.root, "-cert", file.name, "-url", options.ocsp, "-CAfile", options.root],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=10)
    # Both must stand there: the answer is genuine, and it says good of this certificate.
    if answer.returncode == 0 and "Response verify OK" in answer.stderr:
        for status in ("good", "revoked"):
            if f"{file.name}: {status}" in answer.stdout:
                return status
    return "unknown"


class LoginPage(http.server.BaseHTTPRequestHandler):
    options = None

    def do_GET(self):
        if self.path != "/":
            return self.answer(404, "ありません / not found")
        certificate = self.connection.getpeercert()
        name = dict(pair[0] for pair in certificate["subject"])["commonName"]
        if self.options.ocsp:
            status = ocsp_status(self.options, self.connection.getpeercert(binary_form=True))
            if status != "good":
                words = {"revoked": "証明書は失効しています / the certificate is revoked"}.get(
                    status, "証明書を確認できません / the certificate could not be checked")
                return self.answer(403, words)
        self.answer(200, f"ようこそ / welcome, {name}")

    def answer(self, code, words):
        body = f"<!doctype html><html lang=ja><meta charset=utf-8><title>log-in</title><p>{html.escape(words)}</p></html>\n"
        data = body.encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Server(http.server.ThreadingHTTPServer):
    """The handshake is each connection's own affair: it happens on the connection's thread, not where others wait."""

    def __init__(self, options):
        LoginPage.options = options
        self.tls = context(options)
        super().__init__(("127.0.0.1", options.port), LoginPage)

    def finish_request(self, request, client_address):
        request.settimeout(60)
        with self.tls.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, request, client_address):
        import sys
        print(f"refused: {sys.exc_info()[1]}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    with Server(arguments()) as server:
        print(f"https://localhost:{server.server_address[1]}/", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
