"""An object store behind a URL, through obstore: s3://BUCKET/PREFIX, gs://, az://, file:///DIRECTORY, http(s)://.

Who may what is the environment's affair, by the names that the cloud's own tools use (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, AWS_ALLOW_HTTP ...):
a URL with a password in it is refused, and nothing of the environment is ever told. Every call ends: a connection has two seconds, a
request twenty, and what fails is done again twice. What comes back is counted before it is kept.
"""

import importlib
import os
import re
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aweigh.proto.errors import InvalidRequest, ModelNotFound, StoreFailed

if TYPE_CHECKING:
    from obstore.store import ObjectStore

SCHEMES = ("s3", "gs", "az", "file", "http", "https")
MAX_URL = 2_048
_CLIENT: Any = {"connect_timeout": "2s", "timeout": "20s"}
_RETRY: Any = {
    "max_retries": 2,
    "retry_timeout": timedelta(seconds=20),
    "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=2), "base": 2},
}


def check(url: str) -> str:
    """The URL in one spelling. Raises InvalidRequest for one that names no object store."""
    try:
        parts = urllib.parse.urlsplit(url)
        password = parts.username is not None or parts.password is not None
    except ValueError:
        raise InvalidRequest("this is no URL: give s3://BUCKET/PREFIX or file:///DIRECTORY") from None
    if parts.scheme not in SCHEMES or len(url) > MAX_URL or (not parts.netloc and parts.scheme != "file"):
        raise InvalidRequest(f"{url[:MAX_URL]!r} names no object store: give s3://BUCKET/PREFIX or file:///DIRECTORY")
    if password or parts.query or parts.fragment:
        raise InvalidRequest(
            "a URL of an object store has no password, no question mark and no #: the environment says who you are"
        )
    if parts.scheme == "file" and (parts.netloc or not parts.path.startswith("/")):
        raise InvalidRequest(f"{url!r} has no absolute path: give file:///DIRECTORY")
    return url.rstrip("/") or url


class Bucket:
    """Open. Called by several threads at once. Paths are relative, of our own making."""

    def __init__(self, url: str, *, make: bool = False) -> None:
        """`make`: a directory that is not there is made. Raises InvalidRequest; ModelNotFound: there is no such directory; StoreFailed
        where obstore is not installed. Nobody is asked yet."""
        self.url = check(url)
        try:
            self._obstore = importlib.import_module("obstore")
            stores = importlib.import_module("obstore.store")
        except ImportError:
            raise StoreFailed(f"{self.url} needs obstore: install aweigh[remote]") from None
        options: dict[str, Any] = {}
        if self.url.startswith("file:"):
            directory = urllib.parse.unquote(urllib.parse.urlsplit(self.url).path)
            if not make and not os.path.isdir(directory):
                raise ModelNotFound(f"there is no directory {directory}")
            options["mkdir"] = make
        else:
            plain = self.url.startswith("http:") or os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")
            options.update(client_options={**_CLIENT, "allow_http": plain}, retry_config=_RETRY)
        with self._trouble("opening it"):
            self._store: ObjectStore = stores.from_url(self.url, **options)

    def get(self, path: str, most: int) -> bytes:
        """A whole object. Raises ModelNotFound if there is none, StoreFailed: it is larger than `most` bytes, or nobody answers."""
        with self._trouble(f"reading {path}"):
            found = self._obstore.get(self._store, path)
            if found.meta["size"] > most:
                raise StoreFailed(f"{path} of {self.url} has {found.meta['size']} bytes, more than {most}")
            parts, size = [], 0
            for part in found.stream():
                size += len(part)
                if size > most:
                    raise StoreFailed(f"{path} of {self.url} has more than {most} bytes")
                parts.append(bytes(part))
        return b"".join(parts)

    def get_range(self, path: str, offset: int, into_B: memoryview) -> bool:
        """Fills a buffer from a byte of an object on; False if the object is not there, or too short. Raises StoreFailed."""
        try:
            with self._trouble(f"reading {path}"):
                found = memoryview(self._obstore.get_range(self._store, path, start=offset, length=len(into_B)))
        except ModelNotFound:
            return False
        if len(found) != len(into_B):
            raise StoreFailed(f"reading {path} of {self.url} gave {len(found)} bytes instead of {len(into_B)}")
        into_B[:] = found
        return True

    def put(self, path: str, data: bytes | bytearray | memoryview) -> None:
        """Writes an object, all of it or nothing. Raises StoreFailed."""
        with self._trouble(f"writing {path}"):
            self._obstore.put(self._store, path, data, use_multipart=False)

    def size(self, path: str) -> int | None:
        """Bytes of an object, None if there is none. Raises StoreFailed."""
        try:
            with self._trouble(f"looking for {path}"):
                return int(self._obstore.head(self._store, path)["size"])
        except ModelNotFound:
            return None

    def paths(self, prefix: str, most: int) -> Iterator[str]:
        """Paths below a prefix, in no order. Raises StoreFailed: there are more than `most`, or nobody answers."""
        seen = 0
        with self._trouble(f"listing {prefix}"):
            for batch in self._obstore.list(self._store, prefix):
                for found in batch:
                    seen += 1
                    if seen > most:
                        raise StoreFailed(f"{self.url} has more than {most} objects below {prefix}")
                    yield str(found["path"])

    @contextmanager
    def _trouble(self, doing: str) -> Iterator[None]:
        exceptions = importlib.import_module("obstore.exceptions")
        try:
            yield
        except (exceptions.NotFoundError, FileNotFoundError):
            raise ModelNotFound(f"{self.url} has nothing there ({doing})") from None
        except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError):
            raise StoreFailed(
                f"{doing} failed: {self.url} does not let you: set the AWS_ variables of somebody who may"
            ) from None
        except (exceptions.BaseError, OSError) as error:
            raise StoreFailed(f"{doing} failed: {self.url}: {_kind(error)}") from None


def _kind(error: Exception) -> str:
    """What went wrong in a few words. What the library says is long, and may have a request's headers in it."""
    text = str(error)
    if found := re.search(r"status code: (\d+)", text):
        return f"it answered with HTTP {found[1]}"
    kinds = set(re.findall(r"kind: (\w+)", text))
    said = next((sentence for kind, sentence in _KINDS.items() if kind in kinds), "")
    return said or type(error).__name__


_KINDS = {
    "Timeout": "it did not answer in time",
    "TimedOut": "it did not answer in time",
    "Connect": "nobody answers there",
    "Body": "its answer broke off",
    "Interrupted": "its answer broke off",
    "Request": "the connection broke",
}
