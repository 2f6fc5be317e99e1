"""create_app: middleware, error rendering, doors, the page, the lifespan. No logic."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from importlib.metadata import version as installed_version

import structlog
from fastapi import FastAPI

from app.api import openapi, web
from app.api.deps import Services
from app.api.doors import DoorRoute, declared_doors
from app.api.router import ROUTERS
from app.auth.origins import OriginGate
from app.config.load import load
from app.config.settings import Settings
from app.core.errors import OmniError
from app.observability import errors, logging
from app.observability.middleware import LastResort, RequestContext
from app.wiring import Wiring, wire

log = structlog.get_logger(__name__)

HOUSEKEEPING_SECONDS = 6 * 3600
SWEEP_SECONDS = 60
LAG_SECONDS = 1


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; its database must be migrated.

    Args:
        settings: Values to run with; read from the environment, with logs set up, when None.
    """
    if settings is None:
        settings = load().settings
        logging.configure(settings.server.log_level)
    version = installed_version("omniai")
    wiring = wire(settings, version)
    app = FastAPI(
        title="OmniAI",
        version=version,
        openapi_url="/openapi.json" if settings.server.env == "dev" else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(wiring),
        telemetry={"auto_configure": False},
    )
    app.state.services = wiring.services
    app.state.doorkeeper = wiring.doorkeeper
    errors.install(app)
    app.add_middleware(LastResort)
    app.add_middleware(OriginGate, settings=settings.server, report=wiring.refusals.note)
    app.add_middleware(
        RequestContext, https=(settings.server.public_url or "").startswith("https:"), metrics=wiring.services.metrics
    )
    app.router.route_class = DoorRoute
    for router in ROUTERS:
        app.include_router(router)
    declared_doors(app)
    app.openapi = partial(openapi.document, app)  # type: ignore[method-assign]
    app.router.routes.extend(web.routes(settings.server.web_dir))
    return app


def _lifespan(wiring: Wiring) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        services = wiring.services
        services.database.open()
        interrupted = await services.chat.recover()
        if interrupted:
            log.warning("answers_interrupted", count=interrupted)
        await services.importing.recover()
        tasks = [
            asyncio.create_task(wiring.recorder.flush_forever(), name="flush answers"),
            asyncio.create_task(services.watch.run_forever(), name="watch streams"),
            asyncio.create_task(services.checkpoints.keep_forever(), name="keep checkpoints"),
            asyncio.create_task(services.importing.run_forever(), name="import"),
            asyncio.create_task(_keep_house(services), name="keep house"),
            asyncio.create_task(_sweep(services), name="sweep answers"),
            asyncio.create_task(services.backups.run_forever(), name="back up"),
            asyncio.create_task(_measure_lag(services), name="measure lag"),
        ]
        yield
        await services.manager.shut_down(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await services.checkpoints.write()
        await wiring.close()

    return lifespan


async def _keep_house(services: Services) -> None:
    while True:
        try:
            await services.sessions.purge()
            await services.passwords.purge()
            await services.chat.purge()
            await services.importing.purge()
            await services.keeping.tidy()
        except OmniError as error:
            log.warning("housekeeping_postponed", error=error.code.value)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


async def _measure_lag(services: Services) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_SECONDS
        await asyncio.sleep(LAG_SECONDS)
        services.metrics.lagged(max(0.0, loop.time() - due))


async def _sweep(services: Services) -> None:
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        try:
            swept = await services.chat.sweep()
            await services.keeping.end_temporary()
        except OmniError as error:
            log.warning("sweep_postponed", error=error.code.value)
        else:
            if swept:
                log.warning("answers_interrupted", count=swept)
