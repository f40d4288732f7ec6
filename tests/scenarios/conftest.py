"""The whole house of `tests.web`, for scenarios that are played by chat, API, sweep and pages together."""

from tests.web.conftest import folder, reader, small_house, twin  # noqa: F401 - fixtures are found by name
