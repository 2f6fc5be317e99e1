"""Every door declares who, whose, how often and how large; the table in the docs is the declarations."""

import re
from pathlib import Path

import pytest
from app.api.doors import Door, DoorRoute, UndeclaredDoor, declared_doors, door
from app.config.settings import Settings
from app.main import create_app
from fastapi import APIRouter, FastAPI

SECURITY_PAGE = Path(__file__).resolve().parents[3] / "docs" / "security.md"
OPEN = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/version"),
    ("GET", "/auth/config"),
    ("POST", "/auth/register"),
    ("POST", "/auth/invite"),
    ("POST", "/auth/login"),
    ("POST", "/auth/refresh"),
    ("POST", "/auth/reset"),
    ("POST", "/admin/bootstrap"),
}


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


def test_exactly_the_listed_doors_are_open(app: FastAPI) -> None:
    assert {key for key, route in declared_doors(app).items() if route.door.who == "anyone"} == OPEN


def test_a_door_without_a_declaration_cannot_be_made() -> None:
    router = APIRouter(route_class=DoorRoute)

    async def leak() -> None:
        pass

    with pytest.raises(UndeclaredDoor, match=r"/leak: leak declares no door"):
        router.get("/leak")(leak)


def test_an_application_does_not_take_one_either(app: FastAPI) -> None:
    async def leak() -> None:
        pass

    with pytest.raises(UndeclaredDoor):
        app.get("/leak")(leak)


def test_a_route_that_goes_round_the_declarations_is_found(app: FastAPI) -> None:
    router = APIRouter()

    @router.get("/leak")
    async def leak() -> None:
        pass

    app.include_router(router)
    with pytest.raises(UndeclaredDoor, match="/leak"):
        declared_doors(app)


def test_doors_under_admin_want_an_admin_and_only_they_see_everybody(app: FastAPI) -> None:
    for (method, path), route in declared_doors(app).items():
        admins = path.startswith("/admin/") and path != "/admin/bootstrap"
        assert (route.door.who == "admin") == admins, (method, path)
        assert (route.door.whose == "everybody") == admins, (method, path)


def test_a_door_with_an_id_in_its_path_says_whose_it_is(app: FastAPI) -> None:
    for (method, path), route in declared_doors(app).items():
        if "{" in path and "provider_id" not in path:
            assert route.door.whose in {"by id", "everybody"}, (method, path)


def test_every_door_but_those_of_watchers_is_limited(app: FastAPI) -> None:
    unlimited = {path for (_, path), route in declared_doors(app).items() if route.door.limit is None}
    assert unlimited == {"/health", "/ready", "/version"}


def test_passwords_and_codes_are_counted_as_sign_ins(app: FastAPI) -> None:
    counted = {path for (_, path), route in declared_doors(app).items() if route.door.limit == "auth"}
    assert counted == {
        "/admin/bootstrap",
        "/auth/invite",
        "/auth/login",
        "/auth/password",
        "/auth/reauth",
        "/auth/register",
        "/auth/reset",
    }


def test_every_door_has_a_name_of_its_own(app: FastAPI) -> None:
    names = [route.operation_id for route in declared_doors(app).values()]
    assert None not in names
    assert len(names) == len(set(names))


def test_a_declaration_is_made_by_the_decorator_alone() -> None:
    @door("user", whose="caller", limit="read")
    async def mine() -> None:
        pass

    assert mine.__dict__["door"].who == "user"


def test_the_table_in_the_docs_is_the_declarations(app: FastAPI) -> None:
    rows = re.findall(
        r"^\| `(\w+) ([^`]+)` \| (\w+) \| ([\w ]+) \| (\S+) \| (.+?) \|$", SECURITY_PAGE.read_text(), re.MULTILINE
    )
    written = {(method, path): (who, whose, limit, size) for method, path, who, whose, limit, size in rows}
    declared = {
        key: (route.door.who, route.door.whose, str(route.door.limit or "none"), _size(route.door))
        for key, route in declared_doors(app).items()
    }
    assert written == declared


def _size(declared: Door) -> str:
    most = "`MAX_IMPORT_BYTES`" if declared.takes == "file" else "`MAX_REQUEST_BYTES`"
    return most if declared.size is None else f"{declared.size // 1024} KiB"
