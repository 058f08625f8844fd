"""How likely a stretch of sound is speech: Silero's detector (version 6), which comes inside faster-whisper."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

State = NDArray[np.float32]

FRAME = 512
"""Samples of a frame, 32 ms at 16 kHz."""

CONTEXT = 64
QUIET = 4


class Session(Protocol):
    """``onnxruntime.InferenceSession``, as far as it is used; the library comes without types."""

    def run(self, output_names: None, input_feed: dict[str, State]) -> tuple[State, State, State]: ...


class Detector:
    """Of one stream: it remembers what it heard. A frame costs some tenths of a millisecond."""

    def __init__(self) -> None:
        self._h: State = np.zeros((1, 1, 128), np.float32)
        self._c: State = np.zeros((1, 1, 128), np.float32)
        self._before = np.zeros(CONTEXT, np.float32)

    def likelihood(self, frame: NDArray[np.float32]) -> float:
        """Of ``frame`` (FRAME samples from -1 to 1), the next of the stream, 0 to 1."""
        heard = np.concatenate([self._before, frame])[None]
        out, self._h, self._c = _session().run(None, {"input": heard, "h": self._h, "c": self._c})
        self._before = frame[-CONTEXT:]
        return float(out.ravel()[0])


@cache
def _session() -> Session:
    runtime = import_module("onnxruntime")
    options: Any = runtime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = QUIET
    return runtime.InferenceSession(str(_model()), options, providers=["CPUExecutionProvider"])


def _model() -> Path:
    spec = find_spec("faster_whisper")
    if not spec or not spec.submodule_search_locations:
        raise ModuleNotFoundError("faster-whisper is not installed: pip install -r requirements/runtime.lock")
    return Path(spec.submodule_search_locations[0]) / "assets/silero_vad_v6.onnx"
