"""Wrong passwords that come all at once do not outrun their count."""

import asyncio
from collections import Counter
from pathlib import Path

from tests.client import running_app
from tests.conftest import migrated, settings_for


async def test_of_many_wrong_passwords_at_once_five_are_looked_at(tmp_path: Path) -> None:
    settings = migrated(settings_for(tmp_path, RATE_LIMIT_ENABLED="true", RATE_LIMIT_AUTH="1000"))
    async with running_app(settings) as api:
        await api.bootstrap()
        for name in ("owner", "nobody-of-this-name"):
            body = {"username": name, "password": "a wrong password"}
            answers = await asyncio.gather(*(api.http.post("/auth/login", json=body) for _ in range(100)))
            assert Counter(answer.json()["code"] for answer in answers) == {
                "INVALID_CREDENTIALS": 5,
                "ACCOUNT_LOCKED": 95,
            }
            assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 429)
