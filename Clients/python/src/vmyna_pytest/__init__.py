"""A virtual My Number card and its reader for pytest: Docs/PytestPlugin.md."""

from .card import Exchange, MynaCard
from .program import VmynaError
from .reader import MynaReader

__all__ = ["Exchange", "MynaCard", "MynaReader", "VmynaError"]
