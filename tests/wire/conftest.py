"""The whole house behind both callbacks, for shapes that are delivered to it."""

from tests.web.conftest import folder, reader, small_house, twin

__all__ = ["folder", "reader", "small_house", "twin"]
