"""C2PA manifests: written into pictures and videos, and read (C2PA specification 2.1; library c2pa-python)."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pollux.media.provenance.identity import Identity

SOURCES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The vocabulary of IPTC for what a picture's source is."""
ALGORITHMIC, TRAINED, ENHANCED, COMPOSITE = (
    "algorithmicMedia",  # drawn by rules
    "trainedAlgorithmicMedia",  # made by a model that learned from samples
    "algorithmicallyEnhanced",  # a picture that was changed
    "compositeWithTrainedAlgorithmicMedia",  # a picture with parts that such a model made
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What is said of a picture: who made it (`engine`), whether from the caller's, its kind of source, its marks."""

    engine: str
    edited: bool = False
    source: str = ALGORITHMIC
    watermarked: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What a manifest says, and whether it can be believed.

    `sound`: nothing in the file was changed since it was signed.  `signer` is the certificate's name, `serial` its
    number; `trusted` whether the library's own list knows its authority.
    """

    sound: bool
    trusted: bool
    signer: str
    serial: str
    generator: str
    actions: tuple[str, ...]
    source: str
    time: str
    faults: tuple[str, ...]


def sign(data: bytes, mime_type: str, origin: Origin, identity: Identity) -> bytes:
    """The file with a manifest in it, signed with the time of now as this machine has it (no time stamp is fetched)."""
    import c2pa  # noqa: PLC0415 - heavy

    certificates = identity.certificates.decode("ascii")
    signer = c2pa.Signer.from_callback(identity.sign, c2pa.C2paSigningAlg.ES256, certificates, None)
    # A thumbnail would be larger than many a picture; that what was just signed is sound is for tests to see.
    settings = c2pa.Settings.from_dict(
        {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_after_sign": False}}
    )
    out = io.BytesIO()
    with settings, c2pa.Context(settings) as context, signer, c2pa.Builder(_description(origin), context) as builder:
        builder.sign(signer, mime_type, io.BytesIO(data), out)
    return out.getvalue()


def read(data: bytes, mime_type: str) -> Claim | None:
    """What the file's manifest says; None where there is none, or none that can be read."""
    import c2pa  # noqa: PLC0415 - heavy

    try:
        with c2pa.Reader(mime_type, io.BytesIO(data)) as reader:
            report = json.loads(reader.json())
            state = reader.get_validation_state() or ""
    except c2pa.C2paError:
        return None
    manifest = report.get("manifests", {}).get(report.get("active_manifest"), {})
    faults = [one.get("code", "") for one in report.get("validation_status", [])]
    actions = _actions(manifest)
    signature, generators = manifest.get("signature_info", {}), manifest.get("claim_generator_info") or [{}]
    return Claim(
        sound=state in ("Valid", "Trusted"),
        trusted=state == "Trusted",
        signer=signature.get("common_name") or signature.get("issuer") or "",
        serial=str(signature.get("cert_serial_number", "")),
        generator=" ".join(str(generators[0].get(key, "")) for key in ("name", "version")).strip(),
        actions=tuple(str(one.get("action", "")) for one in actions),
        source=next((one["digitalSourceType"] for one in actions if "digitalSourceType" in one), ""),
        time=signature.get("time") or next((one["when"] for one in actions if "when" in one), ""),
        faults=tuple(code for code in faults if code),
    )


def signed_with(data: bytes, mime_type: str, claim: Claim, certificates: bytes) -> bool:
    """Whether the file's sound `claim` is signed with the first of these certificates (PEM, the signer's first).

    The signature has to lead up to the issuer, whose key nobody else has; a name or a serial number alone is in every
    signed file, and anybody can make another certificate with the same.
    """
    import c2pa  # noqa: PLC0415 - heavy

    if not claim.sound or claim.serial != str(Identity(b"", certificates).serial()):
        return False
    trust = {"user_anchors": certificates.decode("ascii")}
    settings = c2pa.Settings.from_dict({"verify": {"verify_trust": True}, "trust": trust})
    with (
        settings,
        c2pa.Context(settings) as context,
        c2pa.Reader(mime_type, io.BytesIO(data), context=context) as reader,
    ):
        return bool(reader.get_validation_state() == "Trusted")


def _actions(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [one for one in manifest.get("assertions", []) if str(one.get("label", "")).startswith("c2pa.actions")]
    return list(found[0].get("data", {}).get("actions", [])) if found else []


def _description(origin: Origin) -> dict[str, Any]:
    from datetime import UTC, datetime  # noqa: PLC0415 - beside its one use

    from pollux import __version__  # noqa: PLC0415 - beside its one use

    agent = {"name": f"Pollux, engine {origin.engine}", "version": __version__}
    made = {
        "action": "c2pa.edited" if origin.edited else "c2pa.created",
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "softwareAgent": agent,
        "digitalSourceType": SOURCES + origin.source,
    }
    actions: list[dict[str, Any]] = [made]
    parent: list[dict[str, str]] = []
    if origin.edited:  # what was edited has to be opened first
        parent = [
            {"title": "the caller's picture", "format": "image/png", "relationship": "parentOf", "label": "parent"}
        ]
        actions.insert(0, {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parent"]}})
    if origin.watermarked:
        actions.append({"action": "c2pa.watermarked.unbound", "softwareAgent": agent})
    return {
        "claim_generator_info": [{"name": "Pollux", "version": __version__}],
        "title": "picture",
        "ingredients": parent,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
