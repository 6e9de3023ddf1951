"""The workflow's module, compiled once. Executed anew in the sandbox, read and compiled once.

The sandbox imports the workflow's file again for every introduction that a worker takes up, so that none finds what
another left behind. The compiled text cannot change, so all may share it: that saves a quarter of what an introduction
takes of a worker's own memory, and a worker whose files are replaced under it goes on with the code it began with.
"""

import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_loader
from types import CodeType, ModuleType


class CompiledOnce(MetaPathFinder):
    """Finds the modules of one package as Python does, and reads each but once."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._loaders: dict[str, SourceFileLoader] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if f"{fullname}.".startswith(f"{self._package}.") and fullname not in self._loaders:
            self._find(fullname, path)
        loader = self._loaders.get(fullname)
        return spec_from_loader(fullname, loader) if loader else None

    def _find(self, name: str, path: Sequence[str] | None) -> None:
        spec = PathFinder.find_spec(name, path)
        if spec and isinstance(spec.loader, SourceFileLoader):
            self._loaders[name] = _Loader(name, spec.loader.path)


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        return _compiled(fullname, self.path)


@cache
def _compiled(name: str, path: str) -> CodeType | None:
    return SourceFileLoader(name, path).get_code(name)


_OURS = CompiledOnce(__package__)


def compile_once() -> None:
    """From now on; asked twice is asked once."""
    if _OURS not in sys.meta_path:
        sys.meta_path.insert(0, _OURS)
