from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bulletins.errors import FetchError
from tests.support.fetching import fetcher
from tests.support.site import Site, html


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


def certified(folder: Path, names: str, *validity: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for these names, and a server's context with it."""
    certificate = folder / f"{abs(hash((names, validity)))}.pem"
    key = certificate.with_suffix(".key")
    config = certificate.with_suffix(".cnf")
    config.write_text(
        "[ca]\ndefault_ca = own\n"
        f"[own]\ndatabase = {certificate}.index\nserial = {certificate}.serial\nnew_certs_dir = {folder}\n"
        "default_md = sha256\npolicy = any\n[any]\ncommonName = supplied\n"
        "[req]\ndistinguished_name = name\n[name]\n"
        f"[ends]\nbasicConstraints = critical, CA:TRUE\nsubjectAltName = {names}\n"
    )
    Path(f"{certificate}.index").touch()
    Path(f"{certificate}.serial").write_text("01\n")
    request = certificate.with_suffix(".csr")
    new = [
        "openssl",
        "req",
        "-new",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=test",
        "-config",
        str(config),
    ]
    subprocess.run([*new, "-keyout", str(key), "-out", str(request)], check=True, capture_output=True)
    sign = ["openssl", "ca", "-selfsign", "-batch", "-notext", "-config", str(config), "-extensions", "ends"]
    sign += ["-keyfile", str(key), "-in", str(request), "-out", str(certificate), *validity]
    subprocess.run(sign, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


@pytest.fixture(scope="module")
def good(folder: Path) -> tuple[Path, ssl.SSLContext]:
    return certified(folder, "DNS:paper.example", "-days", "2")


@pytest.fixture
def secure(good: tuple[Path, ssl.SSLContext]) -> Iterator[Site]:
    with Site({"/": html("page")}, tls=good[1]) as site:
        yield site


def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def fault(site: Site, host: str, trusted: Path | None) -> FetchError:
    context = ssl.create_default_context(cafile=trusted)
    with fetcher(site, resolve=loopback, tls=context) as client, pytest.raises(FetchError) as caught:
        client.get(f"https://{host}:{site.port}/")
    assert site.requests == []
    return caught.value


def test_the_name_that_is_verified_is_the_hosts_not_the_address(
    secure: Site, good: tuple[Path, ssl.SSLContext]
) -> None:
    context = ssl.create_default_context(cafile=good[0])
    with fetcher(secure, resolve=loopback, tls=context) as client:
        assert client.get(f"https://paper.example:{secure.port}/").body == b"page"


def test_a_self_signed_certificate_is_refused(secure: Site) -> None:
    error = fault(secure, "paper.example", None)
    assert error.what == "certificate not valid: self-signed certificate"
    assert not error.retryable
    assert secure.connections == 1


def test_a_certificate_for_another_name_is_refused(secure: Site, good: tuple[Path, ssl.SSLContext]) -> None:
    error = fault(secure, "other.example", good[0])
    assert error.what.startswith("certificate not valid: Hostname mismatch")


def test_an_expired_certificate_is_refused(folder: Path) -> None:
    past = ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"]
    certificate, context = certified(folder, "DNS:paper.example", *past)
    with Site({"/": html("page")}, tls=context) as site:
        error = fault(site, "paper.example", certificate)
    assert error.what == "certificate not valid: certificate has expired"


def test_a_server_that_speaks_no_tls_is_named() -> None:
    with Site({"/": html("page")}) as site, fetcher(site) as client, pytest.raises(FetchError) as caught:
        client.get(f"https://{site.address}/")
    assert caught.value.what == "TLS handshake failed"


def test_https_does_not_lead_to_http(secure: Site, good: tuple[Path, ssl.SSLContext]) -> None:
    context = ssl.create_default_context(cafile=good[0])
    with Site({"/": html("plain")}) as plain:
        secure.routes["/"] = (302, {"Location": f"http://paper.example:{plain.port}/"}, b"")
        with fetcher(secure, plain, resolve=loopback, tls=context) as client:
            with pytest.raises(FetchError) as caught:
                client.get(f"https://paper.example:{secure.port}/")
            assert client.get(f"http://paper.example:{plain.port}/").status == 200
    assert caught.value.what == "redirect from https to http"
    assert plain.paths == ["/robots.txt", "/"]
