"""Weights of models: where they lie on this machine, and how the hub (hf.co) gives those that do not.

In: a repository of the hub and the names of its files. Out: the folder that holds them. Looked for in the folder that
UNDERTONE_MODELS names and in the hub's own cache. Nothing here asks the network but host_answers and fetch_repository.
"""

from __future__ import annotations

import os
import queue
import ssl
import threading
import urllib.error
import urllib.request
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

from audio.download import download
from audio.errors import EngineError, first_line
from audio.progress import Progress
from audio.whole_files import checksum

MODELS_FOLDER = "UNDERTONE_MODELS"  # environment: a folder with a folder a model, and the hub's cache
SHA256 = 64  # hexadecimal digits
KNOCK = 3.0  # seconds to wait for a host to answer at all, before a download is tried


def models_folder() -> Path | None:
    """The folder that UNDERTONE_MODELS names."""
    named = os.environ.get(MODELS_FOLDER)
    return Path(named).expanduser() if named else None


def cached_repository(repository: str, file: str) -> Path | None:
    """The folder of `repository` in UNDERTONE_MODELS or the hub's cache, if `file` is there. Asks no network."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    own = models_folder()
    for cache in (own, None) if own else (None,):  # None: the hub's usual one
        try:
            found = try_to_load_from_cache(repository, file, cache_dir=cache)
        except HFValidationError:
            return None
        if isinstance(found, str):
            return Path(found).parent
    return None


def fetch_repository(repository: str, files: list[str] | None, progress: Progress) -> Path:
    """Fetch files (patterns; None: all) of `repository` into UNDERTONE_MODELS or the hub's cache; goes on where it was.

    `progress` is told the share of the bytes that are here. The folder is there only once every file is. Raises
    EngineError, with the page where terms are accepted if that is what is missing.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError

    cache = models_folder()
    try:
        _fetch_blobs(repository, files, cache, progress)
        # Puts what has come in its place: a file of which the hub's cache has the bytes is not asked for again.
        folder = snapshot_download(repository, allow_patterns=files, cache_dir=cache, tqdm_class=_silent_bar())
    except GatedRepoError:
        raise EngineError(
            f"The weights {repository} are given only to those who accept their terms: do so at "
            f"https://hf.co/{repository}, and give your token by HF_TOKEN or `hf auth login`."
        ) from None
    except Exception as error:  # what the hub's client raises changes with its version and its HTTP library
        reason = first_line(error)
        raise EngineError(f'The weights "{repository}" could not be fetched from {hub()}: {reason}.') from None
    return Path(folder)


def _fetch_blobs(repository: str, files: list[str] | None, cache: Path | None, progress: Progress) -> None:
    """Bring the bytes of all files into the cache, under the names that the hub's client looks for.

    The client itself begins a file of gigabytes anew in each process.
    """
    from huggingface_hub import HfApi, get_hf_file_metadata, get_token, hf_hub_url
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.file_download import repo_folder_name

    version = HfApi().model_info(repository)
    names = [file.rfilename for file in version.siblings or ()]
    wanted = [name for name in names if files is None or any(fnmatch(name, pattern) for pattern in files)]
    addresses = [hf_hub_url(repository, name, revision=version.sha) for name in wanted]
    told = [get_hf_file_metadata(address) for address in addresses]
    token = get_token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    blobs = (cache or Path(HF_HUB_CACHE)) / repo_folder_name(repo_id=repository, repo_type="model") / "blobs"
    whole, before = max(1, sum(file.size or 0 for file in told)), 0  # bytes
    for address, file in zip(addresses, told, strict=True):
        blob = blobs / (file.etag or "")  # what has no tag is left to the client, which says what is wrong
        if not blob.exists():
            part = blob.with_name(f"{blob.name}.part")
            download(address, part, partial(_tell_share, progress, before, whole), headers)
            _check(part, blob.name)
            part.replace(blob)
        before += file.size or 0


def _check(part: Path, tag: str) -> None:
    """Large files are tagged with their SHA-256. Raises OSError, and removes what is damaged."""
    if len(tag) == SHA256 and checksum(part) != tag:
        part.unlink()
        raise OSError("a file arrived damaged and was removed, try again")


def _tell_share(progress: Progress, before: int, whole: int, here: int, of_this_file: int) -> None:
    progress(min(1.0, (before + here) / whole))


def offline_by_wish() -> bool:
    """Whether HF_HUB_OFFLINE forbids to fetch anything."""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")


def why_not_fetched(model: str, host: str) -> str | None:
    """One line why weights that are not here cannot be fetched from `host`; None when it can be tried."""
    if offline_by_wish():
        return f'the weights "{model}" are not on this machine, and HF_HUB_OFFLINE forbids to fetch them'
    if not host_answers(host):
        return f'the weights "{model}" are not on this machine, and {host} cannot be reached to fetch them'
    return None


def hub() -> str:
    """The hub's address, or that of the mirror that HF_ENDPOINT names."""
    from huggingface_hub.constants import ENDPOINT

    return os.environ.get("HF_ENDPOINT", ENDPOINT).rstrip("/")


def host_answers(address: str) -> bool:
    """Whether anything answers at `address`; known within KNOCK + 1 seconds.

    To be asked before a client that may wait and try again for minutes.
    """
    answers: queue.SimpleQueue[bool] = queue.SimpleQueue()
    # A name server that does not answer holds a request for longer than its timeout, but not us.
    threading.Thread(target=lambda: answers.put(_knock(address)), daemon=True).start()
    try:
        return answers.get(timeout=KNOCK + 1.0)
    except queue.Empty:
        return False


def _knock(address: str) -> bool:
    try:
        urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=KNOCK).close()
    except urllib.error.HTTPError:
        return True  # an answer nevertheless
    except urllib.error.URLError as error:
        # The hub's client may know certificates that are not known here.
        return isinstance(error.reason, ssl.SSLError)
    except (OSError, ValueError):
        return False
    return True


def _silent_bar() -> Any:
    """A tqdm that draws nothing."""
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})

    return Bar
