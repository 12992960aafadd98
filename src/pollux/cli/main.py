"""The command `pollux`: its table of commands, and the one place where errors become a line and an exit status."""

from __future__ import annotations

import inspect
import os
import re
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from pollux import __version__
from pollux.cli import (
    ask,
    batch,
    caption,
    count,
    detect,
    doctor,
    draw,
    files,
    film,
    keys,
    models,
    serve,
    show,
    usage,
    verify,
    worker,
)
from pollux.errors import ConfigurationError, PolluxError

OK, FAILED, USAGE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

COMMANDS: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("serve", serve.serve, ("pollux serve", "pollux serve --port 0 --data-dir ./data")),
    (
        "ask",
        ask.ask,
        (
            'pollux ask cat.jpg "What is this?"',
            'pollux ask before.png after.png "What changed?" --stream',
            'pollux ask receipt.jpg "Total and date" --schema receipt.schema.json',
            'cat page.png | pollux ask - "Read the text"',
        ),
    ),
    (
        "detect",
        detect.detect,
        (
            "pollux detect table.jpg",
            'pollux detect photos "the red cups" --out seen --sheet seen.html',
            'pollux detect scan.png "all text" --json --no-overlay',
        ),
    ),
    (
        "segment",
        detect.segment,
        (
            'pollux segment table.jpg "the wooden items"',
            "pollux segment photos --coco masks.json --yolo dataset --no-overlay",
        ),
    ),
    (
        "draw",
        draw.draw,
        (
            'pollux draw "A red fox in snow, watercolour"',
            'pollux draw "A poster that says OPEN LATE" -o poster.png --ratio 3:4 --size 2K --seed 7',
            'pollux draw "A blue whale, sticker" -o - > whale.png',
        ),
    ),
    (
        "edit",
        draw.edit,
        (
            'pollux edit room.jpg "Make the sofa green"',
            'pollux edit dress.png model.png "Let her wear the dress" -o fitted.png',
        ),
    ),
    (
        "film",
        film.film,
        (
            'pollux film "A sailing boat at dawn" -o boat.mp4',
            'pollux film "Slowly closer" harbour.png --seconds 4 --ratio 9:16',
        ),
    ),
    ("verify", verify.verify, ("pollux verify drawn.png", "pollux verify *.png --json")),
    ("count", count.count, ("pollux count photo.jpg scan.png",)),
    ("models", models.models, ("pollux models", "pollux models --server http://127.0.0.1:8000")),
    ("worker", worker.worker, ("pollux worker", "POLLUX_BATCH=none pollux serve &  pollux worker")),
    ("usage", usage.usage, ("pollux usage", "pollux usage --days 1 --project web --json")),
    ("doctor", doctor.doctor, ("pollux doctor",)),
)
KEY_COMMANDS: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    ("create", keys.create, ("pollux keys create laptop", "pollux keys create ci --project web --rpm 60 --tpm 100000")),
    ("list", keys.show_all, ("pollux keys list",)),
    ("revoke", keys.revoke, ("pollux keys revoke laptop",)),
)

FILE_COMMANDS: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    (
        "upload",
        files.upload,
        (
            "pollux files upload report.pdf",
            "pollux files upload clip.mp4 --name my-clip --server http://127.0.0.1:8000",
        ),
    ),
    ("list", files.show_all, ("pollux files list",)),
    ("get", files.get, ("pollux files get files/abc123",)),
    ("delete", files.delete, ("pollux files delete abc123 def456",)),
    ("gc", files.gc, ("pollux files gc", "pollux files gc --hours 0")),
)
BATCH_COMMANDS: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...] = (
    (
        "caption",
        caption.caption,
        (
            "pollux batch caption photos --out captions.jsonl",
            'pollux batch caption scans --prompt "What kind of document is this?" --server http://127.0.0.1:8000',
        ),
    ),
    (
        "create",
        batch.create,
        (
            "pollux batch create requests.jsonl",
            "pollux batch create requests.jsonl --model gemini-2.5-pro --wait --out results.jsonl",
            "pollux batch create texts.jsonl --embeddings",
        ),
    ),
    ("list", batch.show_all, ("pollux batch list",)),
    ("get", batch.get, ("pollux batch get batches/abc123", "pollux batch get abc123 --json")),
    ("watch", batch.watch, ("pollux batch watch abc123",)),
    ("results", batch.results, ("pollux batch results abc123 --out results.jsonl",)),
    ("cancel", batch.cancel, ("pollux batch cancel abc123",)),
    ("delete", batch.delete, ("pollux batch delete abc123 def456",)),
)


def build() -> typer.Typer:
    """The command line as typer knows it."""
    top = _group("The Gemini API on your own hardware.")
    top.callback(epilog=_examples(('pollux ask cat.jpg "What is this?"', "pollux serve", "pollux keys create")))(_top)
    for name, function, examples in COMMANDS:
        top.command(name, cls=_Command, help=_help(function), epilog=_examples(examples))(function)
    for title, text, commands in (
        ("keys", "Make, list and revoke API keys.", KEY_COMMANDS),
        ("files", "Upload, list, show and delete files; clean up.", FILE_COMMANDS),
        ("batch", "Caption a folder; make, watch and end batch jobs, and get their results.", BATCH_COMMANDS),
    ):
        group = _group(text)
        for name, function, examples in commands:
            group.command(name, cls=_Command, help=_help(function), epilog=_examples(examples))(function)
        top.add_typer(group, name=title)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0, 2 for wrong usage or configuration, 1 otherwise.

    An error is one line on stderr.  POLLUX_TRACEBACK=1 adds where an unexpected one came from.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = build()(arguments or ["--help"], prog_name="pollux", standalone_mode=False)
    except PolluxError as error:
        return _fail(error.message, USAGE if isinstance(error, ConfigurationError) else FAILED)
    except typer.TyperException as error:
        message = error.format_message()  # empty when a group without a command has printed its help
        return _fail(message.rstrip(".") + _help_hint(error), error.exit_code) if message else error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # the reader has left: stdout must not be flushed into it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:
        if os.environ.get("POLLUX_TRACEBACK"):
            traceback.print_exc()
        return _fail(f"internal error: {type(error).__name__}: {error}", FAILED)
    return status if isinstance(status, int) else OK


def _print_version(wanted: bool) -> None:
    if wanted:
        show.write(f"pollux {__version__}")
        raise typer.Exit


def _top(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and leave.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Options before the command."""


class _Command(TyperCommand):
    """A command whose help leaves out what only programmers read."""

    def get_params(self, ctx: Any) -> Any:
        """The options and arguments."""
        return _plain(super().get_params(ctx))

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What stands behind the command in its line of usage: `PICTURE...`, where typer has `{PICTURE...}...`."""
        pieces = super().collect_usage_pieces(ctx)
        wanted = ((piece, re.fullmatch(r"\{(.*)\}(\.{3})?", piece)) for piece in pieces)
        return [piece if found is None else found[1] for piece, found in wanted]


class _Group(TyperGroup):
    """A group of commands, likewise."""

    def get_params(self, ctx: Any) -> Any:
        """The options."""
        return _plain(super().get_params(ctx))


def _plain(params: Any) -> Any:
    """Without the types that typer prints for want of a word: `<bool>` of a flag, `<list[str]>` of an argument."""
    for param in params:
        if param.param_type_name == "argument" or param.is_flag:
            param.display_type_rich = _no_type
    return params


def _no_type(ctx: Any) -> None:  # noqa: ARG001 - typer's own order of arguments
    return None


def _group(text: str) -> typer.Typer:
    return typer.Typer(cls=_Group, help=text, add_completion=False, no_args_is_help=True, rich_markup_mode="rich")


def _help(function: Callable[..., Any]) -> str:
    """The docstring with the lines of each paragraph joined, for the terminal breaks them anew."""
    paragraphs = (inspect.getdoc(function) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _examples(lines: Sequence[str]) -> str:
    return "\n".join(["[bold]Examples[/bold]", *(f"  [cyan]{line}[/cyan]" for line in lines)])


def _fail(message: str, status: int) -> int:
    show.remark(message)
    return status


def _help_hint(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"; see `{context.command_path} --help`" if context is not None else ""
