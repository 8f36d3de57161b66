"""Gives back to the system what a model that was swapped out has left behind, and quickly."""

from __future__ import annotations

import ctypes
import gc
import sys


def spare_collection() -> None:
    """Spare the garbage collector what is loaded by now, which nothing will ever free: modules.

    To look through it takes a tenth of a second, in which nobody is answered. To be called before
    the first model is loaded, since that will be swapped out.
    """
    gc.freeze()


def give_back_memory() -> None:
    """Return free memory to the system; blocking, some milliseconds.

    glibc keeps what is freed between things that are still in use: each swap of a model would
    leave a part of the old one with the process.
    """
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not
        if trim is not None:
            trim(0)
