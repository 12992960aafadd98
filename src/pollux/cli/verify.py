"""`pollux verify`: what a picture itself can prove about where it comes from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pollux.cli import options, pictures, show
from pollux.cli.seam import app, decoded, picture
from pollux.errors import PolluxError

if TYPE_CHECKING:
    from pollux.media.provenance.verify import Evidence


def verify(
    files: Annotated[list[Path], typer.Argument(metavar="PICTURE...", help="Picture files, or MP4 videos.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was found as JSON, a line for each file.")
    ] = False,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Say whether pictures come from Pollux: the signed manifest, the watermark, and what their metadata claim.

    The exit status is 0 when each of them is proven to come from this installation or carries the watermark of
    Pollux, and 1 otherwise.
    """
    own = app().certificates(options.settings(config, data_dir))
    all_known = True
    for path in files:
        try:
            evidence = _examined(path, own)
        except PolluxError as error:
            show.remark(str(error))
            all_known = False
            continue
        all_known &= evidence.proven or evidence.marked
        if as_json:
            found = {"file": str(path), "proven": evidence.proven, "marked": evidence.marked, **asdict(evidence)}
            show.write(json.dumps(found))
        else:
            show.write("\n".join([str(path), *(f"  {line}" for line in report(evidence))]))
    return 0 if all_known else 1


def report(evidence: Evidence) -> list[str]:
    """What the evidence proves, in a sentence for each kind of it."""
    return [*_of_manifest(evidence), _of_watermark(evidence), *_of_metadata(evidence)]


def _examined(path: Path, own: bytes | None) -> Evidence:
    from pollux.media.provenance.verify import examine  # noqa: PLC0415 - heavy
    from pollux.media.sniff import sniff  # noqa: PLC0415 (not needed for --help)

    data = pictures.read(path)
    kind = sniff(data)
    if kind == "video/mp4":
        return examine(data, kind, None, own)
    media = picture(data, path.name)
    return examine(data, media.mime_type, decoded(media), own)


def _of_manifest(evidence: Evidence) -> list[str]:
    claim = evidence.claim
    if claim is None:
        return ["Manifest: none."]
    what = "edited" if "c2pa.edited" in claim.actions else "made"
    said = f"{what} with {claim.generator or 'unnamed software'}, {claim.time or 'no time'}, signed by {claim.signer}"
    if not claim.sound:
        reasons = [fault for fault in claim.faults if "untrusted" not in fault]
        return [f"Manifest: NOT VALID, the file was changed or forged ({', '.join(reasons)}). It claims: {said}."]
    if evidence.own:
        who = "Proven: signed with this installation's key, and nothing was changed since."
    elif claim.trusted:
        who = "Sound, and the signer is on the C2PA list."
    else:
        who = "Sound, but who the signer is cannot be proven: not this installation's key."
    return [f"Manifest: {said}.", f"          {who}"]


def _of_watermark(evidence: Evidence) -> str:
    trace = evidence.trace
    if trace is None:
        return "Watermark: not looked for (no still picture; save a frame of it as one)."
    if not trace.found:
        return f"Watermark: none found (score {trace.score:.1f}; 7 is needed)."
    scale = "" if abs(trace.scale - 1) < 0.01 else f", and was resized to {trace.scale:.0%} since"
    return f"Watermark: that of Pollux (score {trace.score:.1f}; chance gives about 4): made or edited by it{scale}."


def _of_metadata(evidence: Evidence) -> list[str]:
    said = []
    if evidence.source:
        said.append(f"digital source type {evidence.source}")
    if evidence.software:
        said.append(f"software {evidence.software}")
    return [f"Metadata: {', '.join(said)} (words that anybody can write)."] if said else ["Metadata: nothing about it."]
