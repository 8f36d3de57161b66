"""The child process with llama.cpp's server, started by `LocalChatModel`.

    python -m bot.answering.generation.local.child FILE.gguf CONTEXT THREADS

The key that requests must carry comes as the first line of standard input. The address is printed
as one line of JSON once the model is loaded. The process ends when standard input does, and so with
its parent, however that ends.
"""

from __future__ import annotations

import json
import sys

_LOADING_ERRORS_ONLY = 1
"""llama.cpp's verbosity: its progress would fill the log."""


def main() -> None:
    """Serve until standard input ends."""
    file, context, threads = sys.argv[1:4]
    key = sys.stdin.readline().strip()
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = file
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0  # any that is free
    parameters.api_keys = [key]
    parameters.ui = False
    parameters.n_ctx = int(context)
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = int(threads)
    parameters.cpuparams_batch.n_threads = int(threads)
    parameters.verbosity = _LOADING_ERRORS_ONLY
    server = xllamacpp.Server(parameters)
    print(json.dumps({"url": server.listening_address}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
