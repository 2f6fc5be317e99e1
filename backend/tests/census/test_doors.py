"""Every door is locked unless listed, and says what it can answer."""

from collections.abc import Iterator

from app.api.schemas import StrictRoute
from app.auth import guards
from app.config.settings import Settings
from app.main import create_app
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

PUBLIC = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/version"),
    ("GET", "/auth/config"),
    ("POST", "/auth/register"),
    ("POST", "/auth/invite"),
    ("POST", "/auth/login"),
    ("POST", "/auth/refresh"),
    ("POST", "/admin/bootstrap"),
}


def doors(app: FastAPI) -> Iterator[APIRoute]:
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def calls(dependant: Dependant) -> Iterator[object]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from calls(dependency)


def unlocked(app: FastAPI) -> set[tuple[str, str]]:
    return {
        (method, door.path)
        for door in doors(app)
        for method in door.methods or ()
        if guards.principal not in calls(door.dependant)
    }


def test_exactly_the_listed_doors_are_open(settings: Settings) -> None:
    assert unlocked(create_app(settings)) == PUBLIC


def test_an_undeclared_door_is_noticed(settings: Settings) -> None:
    app = create_app(settings)

    @app.get("/leak")
    async def leak() -> None:
        pass

    assert ("GET", "/leak") in unlocked(app) - PUBLIC


def test_doors_under_admin_want_an_admin(settings: Settings) -> None:
    for door in doors(create_app(settings)):
        if door.path.startswith("/admin/") and door.path != "/admin/bootstrap":
            assert guards.admin in calls(door.dependant), door.path


def test_every_door_reads_strictly_and_has_a_name_of_its_own(settings: Settings) -> None:
    found = list(doors(create_app(settings)))
    assert all(isinstance(door, StrictRoute) for door in found)
    names = [door.operation_id for door in found]
    assert None not in names
    assert len(names) == len(set(names))
