"""How hard the server is treated, and settings that let one person do what a crowd does."""

import pytest

from tests.process.conftest import ModelServer, deadlines


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the faults come in the numbers that are promised, or in those that a suite has time for."""
    return bool(request.config.getoption("--torture"))


def unlimited(studio: ModelServer, **names: str) -> dict[str, str]:
    """Settings under which one person may run many answers at once."""
    seats = {"MAX_STREAMS_PER_USER": "1000", "PROVIDER_SEATS": "1000"}
    quotas = {"QUOTA_MESSAGES_PER_DAY": "1000000", "QUOTA_TOKENS_PER_DAY": "1000000000"}
    return {**deadlines(studio), **seats, **quotas, "STREAM_PING_SECONDS": "15", **names}
