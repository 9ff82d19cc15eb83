"""The application: Gemini's REST routes over the desk, for both API versions and Vertex."""

from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp

from lessongen.emulator import wire
from lessongen.emulator.bodies import UnusableBodyError, read_body
from lessongen.emulator.config import EmulatorConfig
from lessongen.emulator.controls import control_routes
from lessongen.emulator.desk import Desk
from lessongen.emulator.exchanges import EVENTS, JSON_ARRAY, Framing
from lessongen.emulator.log import RequestLog
from lessongen.emulator.wire import Body, ErrorResponse

# The last two are how the SDK addresses Vertex with an API key.
_PREFIXES = ("/v1", "/v1beta", "/v1/publishers/google", "/v1beta1/publishers/google")
_PAGE_SIZE, _LARGEST_PAGE = 50, 1000


def emulator_app(config: EmulatorConfig, log: RequestLog | None = None) -> Router:
    """Return the emulator as an ASGI application; requests are recorded in `log`.

    It has no middleware, which would cost time with every chunk of a stream.

    Raises:
        SettingsError: where the delays cannot be used.
    """
    desk = Desk(config, log or RequestLog(config.clock))
    api = _Api(desk)
    # The longest prefix first: a mount takes every path that starts with its own.
    routes: list[BaseRoute] = [
        Mount(prefix, routes=api.routes()) for prefix in sorted(_PREFIXES, key=len, reverse=True)
    ]
    if config.controls:
        routes = [*control_routes(desk), *routes]
    return Router(routes)


class _Api:
    """The routes of one API version."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        return [
            Route("/models", self._list_models),
            Route("/models/{model}", self._get_model),
            _post("/models/{model}:generateContent", self._generate),
            _post("/models/{model}:streamGenerateContent", self._stream),
            _post("/models/{model}:countTokens", self._count_tokens),
        ]

    async def _list_models(self, request: Request) -> Response:
        if error := self._desk.refused_key(request.headers):
            return _failed(error)
        asked = request.query_params
        try:
            size = min(int(asked.get("pageSize") or _PAGE_SIZE), _LARGEST_PAGE)
            models = self._desk.config.models
            return _json(wire.model_page(models, size, asked.get("pageToken", "")))
        except ValueError:
            return _failed(wire.bad_request("Request contains an invalid page size or token."))

    async def _get_model(self, request: Request) -> Response:
        if error := self._refused(request, "getModel"):
            return _failed(error)
        return _json(wire.model_entry(_model(request)))

    async def _count_tokens(self, request: Request) -> Response:
        if error := self._refused(request, "countTokens"):
            return _failed(error)
        try:
            asked = read_body(await request.body())
        except UnusableBodyError as error:
            return _failed(wire.bad_request(str(error)))
        return _json(wire.counted_tokens(asked.prompt_tokens))

    async def _generate(self, request: Request) -> ASGIApp:
        return await self._answer(request, "generateContent", None)

    async def _stream(self, request: Request) -> ASGIApp:
        framing = EVENTS if request.query_params.get("alt") == "sse" else JSON_ARRAY
        return await self._answer(request, "streamGenerateContent", framing)

    async def _answer(self, request: Request, method: str, framing: Framing | None) -> ASGIApp:
        try:
            raw = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        refused = self._refused(request, method)
        answered = self._desk.exchange(_model(request), raw, refused, framing)
        return _failed(answered) if isinstance(answered, ErrorResponse) else answered

    def _refused(self, request: Request, method: str) -> ErrorResponse | None:
        version = request.url.path.split("/")[1]
        return self._desk.refused_key(request.headers) or self._desk.unknown_model(
            _model(request), version, method
        )


def _post(path: str, endpoint: Callable[[Request], Awaitable[ASGIApp]]) -> Route:
    return Route(path, endpoint, methods=["POST"])


def _model(request: Request) -> str:
    return str(request.path_params["model"])


def _json(body: Body, status: int = 200) -> Response:
    return Response(wire.encoded(body), status, media_type="application/json")


def _failed(error: ErrorResponse) -> Response:
    return _json(error.body, error.status)
