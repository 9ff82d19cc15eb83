"""Controls: routes that let another process watch and change a running emulator."""

from dataclasses import asdict, replace

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.desk import Desk
from lessongen.emulator.faults import parse_rule
from lessongen.emulator.limits import parse_limit
from lessongen.errors import SettingsError


class _Reset(BaseModel):
    """What to start afresh with; whatever is absent is as the emulator was started."""

    model_config = ConfigDict(extra="forbid")

    faults: list[str] | None = None
    limits: list[str] | None = None
    speed: float | None = None
    seed: int | None = None
    part_seconds: dict[str, float] | None = None

    def applied_to(self, config: EmulatorConfig) -> EmulatorConfig:
        changes = self.model_dump(exclude_none=True)
        if self.faults is not None:
            changes["faults"] = tuple(parse_rule(rule) for rule in self.faults)
        if self.limits is not None:
            changes["limits"] = tuple(parse_limit(limit) for limit in self.limits)
        return replace(config, **changes)


def control_routes(desk: Desk) -> list[Route]:
    """Return the routes below `/emulator` that show and change what a desk does."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def requests(_: Request) -> Response:
        return JSONResponse([asdict(record) for record in desk.log.records])

    async def reset(request: Request) -> Response:
        try:
            asked = _Reset.model_validate_json(await request.body() or b"{}")
            desk.reset(asked.applied_to(desk.config))
        except (ValidationError, SettingsError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"status": "ok"})

    return [
        Route("/emulator/health", health),
        Route("/emulator/requests", requests),
        Route("/emulator/reset", reset, methods=["POST"]),
    ]
