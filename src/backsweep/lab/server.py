"""The server: routes that read a request and answer it, and the pages as they stand."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import FastAPI, Query, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from backsweep import __version__
from backsweep.errors import BacksweepError
from backsweep.lab import (
    curve,
    data,
    ensembles,
    families,
    symmetry,
    whole_pages,
)
from backsweep.lab.ahead import Ahead
from backsweep.lab.budget import LIMITS
from backsweep.lab.examples import content_of, examples
from backsweep.lab.guard import Guard, refusal
from backsweep.lab.map_files import HTML, ZIP, take
from backsweep.lab.messages import (
    About,
    CaseAsked,
    Curve,
    CurveAsked,
    CurveErrors,
    CurveFile,
    CurvesAsked,
    CurveSettings,
    DataFile,
    DataPlan,
    DataSettings,
    Ensemble,
    Examples,
    Families,
    FamilyAnswers,
    FamilyFile,
    FamilyQuestion,
    FamilySettings,
    FamilySignals,
    FamilySteps,
    LesionSettings,
    MapCell,
    MapCellWanted,
    MapPlan,
    MapSettings,
    OneCase,
    OneRun,
    Others,
    PlaneAsked,
    PlaneFile,
    PlanePoints,
    PlaneSheets,
    RecordAsked,
    RecordCaseAsked,
    RecordFile,
    Records,
    Refused,
    RunAsked,
    RunPlaneAsked,
    SaveAsked,
    Saved,
    Symmetry,
    SymmetryFile,
    SymmetrySettings,
    TableAsked,
    TableSeen,
    TakeMap,
    Ticket,
)
from backsweep.lab.packing import MEDIA_TYPE
from backsweep.lab.pages_folder import PAGES
from backsweep.lab.parcels import Parcels
from backsweep.lab.records import Shelf
from backsweep.lab.wording import failed, in_a_sentence
from backsweep.lab.work import WORKS, Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import ASGIApp

__all__ = ["create"]

TIDY_S: Final = 60.0
PRINTED: Final = r"^[^\x00-\x1f\x7f]+$"  # what a file's name may be
WORKERS: Final = 2  # for short work: the machine's other cores belong to long work

Asked = TypeVar("Asked")
Given = TypeVar("Given")
Answers = dict[int | str, dict[str, Any]]

REFUSALS: Final[Answers] = {
    status: {"model": Refused, "description": HTTPStatus(status).phrase}
    for status in (400, 401, 403, 408, 410, 413, 421, 422, 500)
}

PARCEL: Final[Answers] = REFUSALS | {
    200: {
        "description": "A record in a zip file, or one HTML file.",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in (ZIP, HTML)
        },
    }
}


CSV: Final = "text/csv; charset=utf-8"
CSV_FILE: Final[Answers] = REFUSALS | {
    200: {
        "description": "A table.",
        "content": {CSV: {"schema": {"type": "string"}}},
    }
}

TABLE_BODY: Final = {
    "requestBody": {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "required": True,
    }
}


def _arrays(message: type) -> Answers:
    """Say in OpenAPI that the answer is a message with arrays behind it."""
    return REFUSALS | {
        200: {
            "description": f"`{message.__name__}` with its arrays, as `packing` says.",
            "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        }
    }


def _html() -> Answers:
    content = {HTML: {"schema": {"type": "string"}}}
    return REFUSALS | {200: {"description": "One HTML file.", "content": content}}


def create(
    token: str,
    *,
    port: int | None = None,
    folder: Path | None = None,
    ahead: Ahead | None = None,
) -> ASGIApp:
    """Make the application.

    Parameters
    ----------
    token
        What everything but the static pages asks for.
    port
        Where it will listen; any Host port is accepted where None, as tests need.
    folder
        Where records are; the folder in which it is started where None.
    ahead
        Told what is answered, and when; nobody where None.
    """
    ahead = ahead or Ahead()
    shelf = Shelf(folder or Path())
    about = About(version=__version__, limits=LIMITS)
    parcels = Parcels()
    desk = Desk(about, token, WORKS | {TakeMap: partial(take, parcels)})

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="short")
        desk.open()
        tidying = asyncio.create_task(_tidy(parcels))
        yield
        tidying.cancel()
        desk.close()
        app.state.pool.shutdown(wait=True, cancel_futures=True)
        parcels.close()

    app = FastAPI(
        title="Backsweep lab",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    _say_refusals(app)

    async def in_a_worker(
        work: Callable[[Asked], bytes], asked: Asked, media_type: str = MEDIA_TYPE
    ) -> Response:
        body = await by_a_worker(partial(work, asked))
        return Response(body, media_type=media_type)

    async def by_a_worker(work: Callable[[], Given]) -> Given:
        loop = asyncio.get_running_loop()
        with ahead.answering():
            return await loop.run_in_executor(app.state.pool, work)

    @app.get("/api/about", responses=REFUSALS)
    async def _about() -> About:
        """Say what the server is, and how much may be asked of it."""
        return about

    @app.post("/api/curve", responses=_arrays(Curve), response_class=Response)
    async def _curve(settings: CurveAsked) -> Response:
        """Let one run learn, and give all of it."""
        ahead.shows(settings)
        return await in_a_worker(curve.history, settings)

    @app.post("/api/curve/others", responses=_arrays(Others), response_class=Response)
    async def _others(settings: CurveSettings) -> Response:
        """Let the thousand starts learn among which this run is."""
        return await in_a_worker(curve.others, settings)

    @app.post(
        "/api/curve/errors", responses=_arrays(CurveErrors), response_class=Response
    )
    async def _errors(asked: CurvesAsked) -> Response:
        """Give the errors of a few runs, to compare another with."""
        return await in_a_worker(curve.errors, asked)

    @app.post("/api/curve/file", responses=_html(), response_class=Response)
    async def _file(wanted: CurveFile) -> Response:
        """Give the page with this run and the thousand as one HTML file."""
        return await in_a_worker(curve.single_file, wanted, HTML)

    @app.post("/api/map/plan", responses=REFUSALS)
    async def _map_plan(settings: MapSettings) -> MapPlan:
        """Say what drawing a map will come to, and how else to draw it."""
        return await by_a_worker(partial(ensembles.plan, settings))

    @app.post("/api/map/cell", responses=_arrays(MapCell), response_class=Response)
    async def _map_cell(wanted: MapCellWanted) -> Response:
        """Let the runs of one cell of a map learn, with their errors."""
        return await in_a_worker(ensembles.cell, wanted)

    @app.post("/api/parcel", responses=PARCEL, response_class=StreamingResponse)
    async def _parcel(asked: Ticket) -> StreamingResponse:
        """Give what long work made, once."""
        parcel, parts = await by_a_worker(partial(parcels.take, asked.ticket))
        size = {"Content-Length": str(parcel.size_bytes)}
        return StreamingResponse(parts, media_type=parcel.media_type, headers=size)

    @app.post("/api/families", responses=_arrays(Families), response_class=Response)
    async def _families(settings: FamilySettings) -> Response:
        """Let one run learn the family trees, and give all but its answers."""
        return await in_a_worker(families.history, settings)

    @app.post(
        "/api/families/answers",
        responses=_arrays(FamilyAnswers),
        response_class=Response,
    )
    async def _answers(settings: LesionSettings) -> Response:
        """Ask a run every question at every recorded sweep, with a lesion or none."""
        return await in_a_worker(families.answers, settings)

    @app.post(
        "/api/families/signals",
        responses=_arrays(FamilySignals),
        response_class=Response,
    )
    async def _signals(question: FamilyQuestion) -> Response:
        """Pass one question forward and backward at every recorded sweep."""
        return await in_a_worker(families.signals, question)

    @app.post(
        "/api/families/steps", responses=_arrays(FamilySteps), response_class=Response
    )
    async def _steps(settings: FamilySettings) -> Response:
        """Tell what made the last change of each weight at every recorded sweep."""
        return await in_a_worker(families.steps, settings)

    @app.post("/api/families/file", responses=_html(), response_class=Response)
    async def _families_file(wanted: FamilyFile) -> Response:
        """Give the page of family trees with one run as one HTML file."""
        return await in_a_worker(families.single_file, wanted, HTML)

    @app.post("/api/table", responses=REFUSALS, openapi_extra=TABLE_BODY)
    async def _table(
        request: Request, name: Annotated[str, Query(max_length=120, pattern=PRINTED)]
    ) -> TableSeen:
        """Take a table in, as text in UTF-8, and say what its columns hold."""
        content = await request.body()
        return await by_a_worker(partial(data.take_in, Path(name).name, content))

    @app.post("/api/table/examples", responses=REFUSALS)
    async def _examples() -> Examples:
        """List the tables of two numbers that come with the lab."""
        return await by_a_worker(examples)

    @app.post("/api/table/example", responses=REFUSALS)
    async def _example(asked: TableAsked) -> TableSeen:
        """Take a table in that comes with the lab."""
        return await by_a_worker(partial(data.example, asked.table))

    @app.post("/api/table/example/file", responses=CSV_FILE, response_class=Response)
    async def _example_file(asked: TableAsked) -> Response:
        """Give a table that comes with the lab, as a file."""
        return await in_a_worker(content_of, asked.table, CSV)

    @app.post(
        "/api/data/points", responses=_arrays(PlanePoints), response_class=Response
    )
    async def _points(asked: PlaneAsked) -> Response:
        """Put the cases of a table on a plane."""
        return await in_a_worker(data.plane_points, asked)

    @app.post(
        "/api/data/sheets", responses=_arrays(PlaneSheets), response_class=Response
    )
    async def _sheets(asked: RunPlaneAsked) -> Response:
        """Ask every unit of a run that learned a table about a plane."""
        return await in_a_worker(data.plane_sheets, asked)

    @app.post("/api/data/plan", responses=REFUSALS)
    async def _plan(settings: DataSettings) -> DataPlan:
        """Say what would be learned from a table, and how."""
        return await by_a_worker(partial(data.plan, settings))

    @app.post(
        "/api/data/ensemble", responses=_arrays(Ensemble), response_class=Response
    )
    async def _ensemble(settings: DataSettings) -> Response:
        """Say what came of all runs that learned a table."""
        return await in_a_worker(data.ensemble, settings)

    @app.post("/api/data/run", responses=_arrays(OneRun), response_class=Response)
    async def _run(asked: RunAsked) -> Response:
        """Show one of them, whole."""
        return await in_a_worker(data.one_run, asked)

    @app.post("/api/data/case", responses=_arrays(OneCase), response_class=Response)
    async def _case(asked: CaseAsked) -> Response:
        """Pass one case through one of them, at all its moments."""
        return await in_a_worker(data.one_case, asked)

    @app.post("/api/data/file", responses=_html(), response_class=Response)
    async def _data_file(wanted: DataFile) -> Response:
        """Give the page of what was learned with one run as one HTML file."""
        return await in_a_worker(whole_pages.of_table, wanted, HTML)

    @app.post("/api/data/plane/file", responses=_html(), response_class=Response)
    async def _plane_file(wanted: PlaneFile) -> Response:
        """Give the page of points with one run as one HTML file."""
        return await in_a_worker(whole_pages.of_plane, wanted, HTML)

    @app.post("/api/data/record", responses=PARCEL, response_class=Response)
    async def _data_record(settings: DataSettings) -> Response:
        """Give the record of what was learned, as a folder in a zip file."""
        return await in_a_worker(data.record, settings, ZIP)

    @app.post("/api/data/save", responses=REFUSALS)
    async def _save(asked: SaveAsked) -> Saved:
        """Save them all among the records."""
        return await by_a_worker(partial(shelf.save, asked))

    @app.post("/api/records", responses=REFUSALS)
    async def _records() -> Records:
        """List the records of the folder."""
        return await by_a_worker(shelf.listing)

    @app.post(
        "/api/records/ensemble", responses=_arrays(Ensemble), response_class=Response
    )
    async def _record(asked: RecordAsked) -> Response:
        """Say what came of all runs of a record."""
        return await in_a_worker(shelf.ensemble, asked)

    @app.post("/api/records/run", responses=_arrays(OneRun), response_class=Response)
    async def _record_run(asked: RecordAsked) -> Response:
        """Show one of them, whole."""
        return await in_a_worker(shelf.one_run, asked)

    @app.post("/api/records/case", responses=_arrays(OneCase), response_class=Response)
    async def _record_case(asked: RecordCaseAsked) -> Response:
        """Pass one case through one of them, at all its moments."""
        return await in_a_worker(shelf.one_case, asked)

    @app.post("/api/records/file", responses=_html(), response_class=Response)
    async def _record_file(wanted: RecordFile) -> Response:
        """Give the page of a record with one run as one HTML file."""
        work = partial(whole_pages.of_record, shelf)
        return await in_a_worker(work, wanted, HTML)

    @app.post("/api/symmetry", responses=_arrays(Symmetry), response_class=Response)
    async def _symmetry(settings: SymmetrySettings) -> Response:
        """Let one run learn the symmetry task, and give its moments."""
        return await in_a_worker(symmetry.history, settings)

    @app.post("/api/symmetry/file", responses=_html(), response_class=Response)
    async def _symmetry_file(wanted: SymmetryFile) -> Response:
        """Give the page of symmetry with one run as one HTML file."""
        return await in_a_worker(symmetry.single_file, wanted, HTML)

    @app.websocket("/api/work")
    async def _work(socket: WebSocket) -> None:
        await desk.attend(socket)

    app.mount("/", StaticFiles(directory=PAGES, html=True))
    return Guard(app, token, port)


async def _tidy(parcels: Parcels) -> None:
    """Drop what nobody fetched, even where nobody asks for anything more."""
    while True:
        await asyncio.sleep(TIDY_S)
        parcels.tidy()


def _say_refusals(app: FastAPI) -> None:
    """Answer every kind of failure in one form."""

    @app.exception_handler(RequestValidationError)
    async def _unread(_: Request, error: RequestValidationError) -> Response:
        return refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY.value, in_a_sentence(error.errors())
        )

    @app.exception_handler(data.NotHeldError)
    async def _not_held(_: Request, error: BacksweepError) -> Response:
        return refusal(HTTPStatus.GONE, error.message, error.hint)

    @app.exception_handler(BacksweepError)
    async def _not_done(_: Request, error: BacksweepError) -> Response:
        return refusal(HTTPStatus.BAD_REQUEST, error.message, error.hint)

    @app.exception_handler(HTTPException)
    async def _not_there(request: Request, error: HTTPException) -> Response:
        answer = refusal(
            error.status_code,
            f"{request.method} {request.url.path} cannot be answered: {error.detail}.",
        )
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def _failed(_: Request, error: Exception) -> Response:
        """Answer what nobody foresaw; it is raised again, and uvicorn logs it."""
        said = failed(error)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR.value, said.message, said.hint)
