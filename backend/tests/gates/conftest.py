"""The model server of the process tests, for gates that need streams."""

from tests.process.conftest import studio

__all__ = ["studio"]
