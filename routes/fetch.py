"""Network access in one place: time-outs, retries, mirrors, and when to give up.

A network that refuses, cannot resolve names or hangs is detected once. Every later request then fails
immediately, so a build loses a few seconds instead of a few seconds per file.
"""

import os
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from routes.errors import FetchError, NetworkDownError, NotThereError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests
    from fsspec import AbstractFileSystem

CONNECT_TIMEOUT_S = 4.0
"""Longest wait for a connection."""

READ_TIMEOUT_S = 4.0
"""Longest wait for the next byte."""

LOW_SPEED_BYTES_S = 1000
"""Bytes per second below which a transfer counts as hanging."""

MAX_TEXT_BYTES = 20_000_000
"""Largest text that is read; a tile list has 1 to 2 MB."""

GDAL_OPTIONS = {
    "GDAL_HTTP_CONNECTTIMEOUT": "4",
    # a slow connection may take its time as long as data arrives
    "GDAL_HTTP_TIMEOUT": "900",
    # fewer than 1000 bytes a second for four seconds means that it hangs
    "GDAL_HTTP_LOW_SPEED_LIMIT": "1000",
    "GDAL_HTTP_LOW_SPEED_TIME": "4",
    "GDAL_HTTP_MAX_RETRY": "2",
    "GDAL_HTTP_RETRY_DELAY": "0.5",
    "GDAL_HTTP_RETRY_CODES": "429,500,502,503,504",
    "GDAL_HTTP_MERGE_CONSECUTIVE_RANGES": "YES",
    "GDAL_HTTP_MULTIPLEX": "NO",
    "GDAL_HTTP_USERAGENT": "trek-routes",
    # a COG has no sidecar files, and its header fits into the first read
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_INGESTED_BYTES_AT_OPEN": "16384",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
    "CPL_VSIL_CURL_NON_CACHED": "/vsicurl/",
}
"""Options of GDAL's HTTP client during a DEM download."""

MIRROR_VARIABLE = "ROUTES_DEM_URL"
"""Variable with the base URL of a mirror; each bucket is a folder in it."""


OVERPASS_VARIABLE = "ROUTES_OVERPASS_URL"
"""Variable with the base URL of another Overpass server."""

OVERPASS_URL = "https://overpass-api.de/api"
"""The public Overpass server."""

OVERPASS_TIMEOUT_S = 60
"""Longest wait for Overpass, which searches before it answers."""


def overpass_url() -> str:
    """Base URL of the Overpass server: ``ROUTES_OVERPASS_URL`` or the public one.

    Raises FetchError if the variable is not an http(s) URL.
    """
    url = os.environ.get(OVERPASS_VARIABLE) or OVERPASS_URL
    if not url.startswith(("http://", "https://")):
        msg = f"{OVERPASS_VARIABLE} is {redacted(url)!r}, which is no http(s) URL; mend or unset it."
        raise FetchError(msg)
    return url.rstrip("/")


def bucket_url(bucket: str, public_url: str) -> str:
    """URL of a bucket: its folder in the mirror ``ROUTES_DEM_URL``, or the public one.

    Raises FetchError if the variable is not an http(s) URL.
    """
    mirror = os.environ.get(MIRROR_VARIABLE)
    if not mirror:
        return public_url
    if not mirror.startswith(("http://", "https://")):
        msg = f"{MIRROR_VARIABLE} is {redacted(mirror)!r}, which is no http(s) URL; mend or unset it."
        raise FetchError(msg)
    return f"{mirror.rstrip('/')}/{bucket}"


def redacted(url: str) -> str:
    """URL without user name and password, for messages and sidecars.

    >>> redacted("https://bob:secret@example.org/dem/a.tif")
    'https://example.org/dem/a.tif'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def open_store(url: str) -> "tuple[AbstractFileSystem, str]":
    """Store behind an address such as ``s3://bucket/key``, and the path in it, through fsspec.

    Keys and endpoints come from the store's own library (``AWS_...``, ``~/.aws``) and from fsspec's
    variables, such as ``FSSPEC_S3_ANON=true``. Raises FetchError if fsspec or the store's library is missing,
    or the store is unknown.
    """
    shown = redacted(url)
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError as error:
        msg = f"{shown} needs fsspec: pip install 'trek-routes[batch]'."
        raise FetchError(msg) from error
    timeouts = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "read_timeout": READ_TIMEOUT_S,
        "retries": {"max_attempts": 3},
    }
    protocol = url.partition("://")[0]
    options = {"config_kwargs": timeouts} if protocol in ("s3", "s3a") else {}
    try:
        store, path = url_to_fs(url, **options)
    except ImportError as error:
        needed = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
        library = needed.get(protocol)
        remedy = f"pip install {library}" if library else str(error)
        msg = f"{shown} needs another library: {remedy}."
        raise FetchError(msg) from error
    except (ValueError, OSError) as error:
        msg = f"{shown} is no address that can be read: {error}."
        raise FetchError(msg) from error
    return store, str(path)


@dataclass(slots=True)
class Network:
    """Network access that stops at the first failure."""

    is_allowed: bool = True
    """If False, every request fails immediately and nothing is sent."""

    down: str = ""
    """Why it was given up; empty while it works."""

    _session: "requests.Session | None" = field(default=None, repr=False)

    def read_text(self, url: str) -> str:
        """Text of a small file.

        Raises NotThereError if it does not exist, NetworkDownError if the network is not allowed or does not
        answer, FetchError if the server refuses or does not send text.
        """
        return self._get(url, MAX_TEXT_BYTES).decode("utf-8", "replace")

    def read_bytes(self, url: str, max_bytes: int) -> bytes:
        """Bytes of a whole file; raises as `read_text`, and FetchError if it exceeds `max_bytes`."""
        return self._get(url, max_bytes)

    def check_tiff(self, url: str) -> int:
        """Size in bytes of a GeoTIFF on a server that supports range requests, after reading its first bytes.

        Raises as `read_text`, and FetchError if it is not a TIFF or the server ignores ranges.
        """
        with self._answer(url, {"Range": "bytes=0-3"}) as answer:
            if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
                msg = (
                    f"{redacted(url)} is not served in ranges; a mirror must answer range requests with 206."
                )
                raise FetchError(msg)
            first = self._body(url, answer, 16)
            if first not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
                msg = f"{redacted(url)} is no GeoTIFF; it begins with {first!r}."
                raise FetchError(msg)
            total = answer.headers.get("Content-Range", "").rpartition("/")[2]
            return int(total) if total.isdigit() else 0

    def give_up(self, why: str) -> NetworkDownError:
        """Mark the network as down for the rest of the run, and return the error to raise."""
        self.down = self.down or why
        return NetworkDownError(self.down)

    def _get(self, url: str, max_bytes: int) -> bytes:
        with self._answer(url, {}) as answer:
            return self._body(url, answer, max_bytes)

    def _body(self, url: str, answer: "requests.Response", max_bytes: int) -> bytes:
        import urllib3.exceptions  # noqa: PLC0415 - slow to import, and only who fetches needs it

        parts: list[bytes] = []
        size = before = 0
        announced = answer.headers.get("Content-Length", "")
        begun = time.monotonic()
        try:
            # read1 returns what has arrived; a full buffer would wait for a slow server
            while part := answer.raw.read1(65536, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > max_bytes:
                    msg = (
                        f"{redacted(url)} is larger than {max_bytes:,} bytes; that is not what was asked for."
                    )
                    raise FetchError(msg)
                seconds = time.monotonic() - begun
                if seconds > READ_TIMEOUT_S:
                    if size - before < LOW_SPEED_BYTES_S * seconds:
                        msg = f"{redacted(url)} hangs: {size - before:,} bytes in {seconds:.0f} s"
                        raise self.give_up(msg)
                    begun, before = time.monotonic(), size
        except urllib3.exceptions.TimeoutError as error:
            msg = f"{redacted(url)} stopped in the middle"
            raise self.give_up(msg) from error
        except urllib3.exceptions.HTTPError as error:
            msg = f"{redacted(url)} was cut off after {size:,} bytes."
            raise FetchError(msg) from error
        if announced.isdigit() and "Content-Encoding" not in answer.headers and size < int(announced):
            msg = f"{redacted(url)} was cut off after {size:,} of {int(announced):,} bytes."
            raise FetchError(msg)
        return b"".join(parts)

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str]) -> "Iterator[requests.Response]":
        if not self.is_allowed:
            msg = "the network is not to be used (--offline)"
            raise NetworkDownError(msg)
        if self.down:
            raise NetworkDownError(self.down)
        answer = self._send(url, headers)
        try:
            if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                msg = f"{redacted(url)} does not exist (HTTP {answer.status_code})."
                raise NotThereError(msg)
            if answer.status_code >= HTTPStatus.BAD_REQUEST:
                msg = f"{redacted(url)} was refused (HTTP {answer.status_code} {answer.reason})."
                raise FetchError(msg)
            if "html" in answer.headers.get("Content-Type", ""):
                msg = f"{redacted(url)} answers with a web page, not with data; a log-in or a proxy may be in the way."
                raise FetchError(msg)
            yield answer
        finally:
            answer.close()

    def _send(self, url: str, headers: dict[str, str]) -> "requests.Response":
        """Send a request from its own thread, because name resolution has no time-out."""
        import requests  # noqa: PLC0415 - slow to import, and only who fetches needs it
        from requests.adapters import HTTPAdapter  # noqa: PLC0415
        from urllib3.util import Retry  # noqa: PLC0415

        if self._session is None:
            self._session = requests.Session()
            self._session.headers["User-Agent"] = "trek-routes"
            # retry errors that the server calls temporary, but not a network that does not answer
            retry = Retry(
                total=2, connect=0, read=0, status=2, backoff_factor=0.3,
                status_forcelist=(429, 500, 502, 503, 504), raise_on_status=False,
            )  # fmt: skip
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, HTTPAdapter(max_retries=retry))
        session = self._session
        outcome: list[requests.Response | Exception] = []

        def work() -> None:
            try:
                outcome.append(
                    session.get(
                        url, headers=headers, stream=True, timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
                    )
                )
            except Exception as error:  # noqa: BLE001 - handed to the caller's thread, which sorts it out
                outcome.append(error)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        thread.join(CONNECT_TIMEOUT_S + READ_TIMEOUT_S)
        if not outcome:
            msg = f"{redacted(url)} does not answer within {CONNECT_TIMEOUT_S + READ_TIMEOUT_S:.0f} s"
            raise self.give_up(msg)
        found = outcome[0]
        if isinstance(found, requests.TooManyRedirects | requests.exceptions.InvalidSchema):
            msg = f"{redacted(url)} redirects to where nothing can be fetched: {found}."
            raise FetchError(msg) from found
        if isinstance(found, requests.RequestException):
            msg = f"{redacted(url)} cannot be reached: {_reason(found)}"
            raise self.give_up(msg) from found
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        """Close open connections."""
        if self._session is not None:
            self._session.close()
            self._session = None


def _reason(error: BaseException) -> str:
    """Innermost cause of a chain of errors, which states what failed on the network."""
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return str(error) or type(error).__name__
