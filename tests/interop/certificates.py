"""Certificates for the tests, made by the openssl command when they are needed."""

import os
import subprocess
from collections import namedtuple

Pair = namedtuple("Pair", "certificate key")


class Authority:
    """A certificate authority of our own in a folder; `ca` is its certificate."""

    def __init__(self, folder, name="Test CA"):
        self.folder = folder
        os.makedirs(folder)
        self.ca = self._path("ca.pem")
        self.key = self._path("ca.key")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", self.key, "-out", self.ca, "-subj", f"/CN={name}", "-days", "2",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self._write("index.txt", "")
        self._write("serial", "1000\n")
        self._write("ca.cnf", "[ca]\ndefault_ca = own\n[own]\n"
                    f"database = {self._path('index.txt')}\nserial = {self._path('serial')}\n"
                    f"new_certs_dir = {folder}\ndefault_md = sha256\npolicy = any\n"
                    "copy_extensions = copy\nunique_subject = no\n"
                    "[any]\ncommonName = supplied\n")

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w", encoding="ascii") as file:
            file.write(text)

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(f"openssl {arguments[0]}: {done.stdout.decode(errors='replace')}")

    def _request(self, label, names):
        key, request = self._path(label + ".key"), self._path(label + ".csr")
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                      "-keyout", key, "-out", request, "-subj", "/CN=" + names[0].split(":")[1],
                      "-addext", "subjectAltName=" + ",".join(names))
        return key, request

    def issue(self, label, *names, start="20200101000000Z", end="20991231000000Z"):
        """A certificate for names like DNS:example.test or IP:127.0.0.1."""
        key, request = self._request(label, names)
        certificate = self._path(label + ".pem")
        self._openssl("ca", "-batch", "-config", self._path("ca.cnf"), "-cert", self.ca, "-keyfile",
                      self.key, "-startdate", start, "-enddate", end, "-notext", "-in", request,
                      "-out", certificate)
        return Pair(certificate, key)

    def expired(self, label, *names):
        """A certificate whose time is over."""
        return self.issue(label, *names, end="20210101000000Z")

    def self_signed(self, label, *names):
        """A certificate that only its own key vouches for."""
        key, request = self._request(label, names)
        certificate = self._path(label + ".pem")
        self._openssl("req", "-x509", "-in", request, "-key", key, "-out", certificate, "-days", "2",
                      "-copy_extensions", "copy")
        return Pair(certificate, key)
