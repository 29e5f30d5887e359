"""`ro-crate-metadata.json`: who made what, from what, with what, and when.

Source: RO-Crate Metadata Specification 1.1 (w3id.org/ro/crate/1.1), sections 4 to 6 and "Provenance of entities"; words
of W3C PROV-O where the sample itself, which is no file, is derived from its making.
"""

import json
import mimetypes
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from console.export.tables import TABLES, parameters
from console.report.story import Story
from console.runfolder import RunFolder, Setup
from planning.executor import Sample
from planning.journal.evidence import FOLDERS

METADATA = "ro-crate-metadata.json"
CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    {"wasGeneratedBy": "http://www.w3.org/ns/prov#wasGeneratedBy", "used": "http://www.w3.org/ns/prov#used"},
]
NAMES = {
    "lab.yaml": "The bench: devices, sites, stocks",
    "protocol.yaml": "The recipe",
    "campaign.yaml": "The question: what was varied, and for what",
    "run.json": "How the bench was put together for this run",
    "report.html": "The run on one page",
}
KEPT = {
    ".png": "A picture, named after its SHA-256",
    ".xy": "A diffraction pattern: angle and counts, named after its SHA-256",
}
COMPLETED, FAILED = "http://schema.org/CompletedActionStatus", "http://schema.org/FailedActionStatus"

Entity = dict[str, Any]


def write_crate(story: Story, target: Path, today: datetime, license_url: str) -> None:
    """Describe all files that lie in `target` by now."""
    files = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    graph = [
        *_head(story, files, today, license_url),
        *(_file(target, name) for name in files),
        *_instruments(story),
        _run(story, files),
        *(entity for sample in story.samples.values() for entity in _sample(story, sample)),
        *_looks(story, files),
        *_scans(story, files),
    ]
    text = json.dumps({"@context": CONTEXT, "@graph": _merged(graph)}, indent=1, ensure_ascii=False)
    (target / METADATA).write_text(text + "\n", encoding="utf-8")


def _merged(graph: list[Entity]) -> list[Entity]:
    """One entity for each name, with all that is said of it; a list of one is written as that one, as is usual."""
    entities: dict[str, Entity] = {}
    for entity in graph:
        entities.setdefault(entity["@id"], {}).update(entity)
    return [
        {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in entity.items()}
        for entity in entities.values()
    ]


def _refs(names: Any) -> list[Entity]:
    return [{"@id": name} for name in names]


def _head(story: Story, files: list[str], today: datetime, license_url: str) -> Iterator[Entity]:
    name = story.campaign.campaign if story.campaign else story.recipe.protocol
    ended = len(story.ended_s)
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": name,
        "description": f"{len(story.samples)} samples on the {'simulated ' * _is_simulated(story)}bench {story.lab.bench}, "
        f"{ended} of them ended, in {story.hours:.1f} hours: tables, journal, pictures and what they come from.",
        "datePublished": today.date().isoformat(),
        "license": {"@id": license_url or "#licence"},
        "hasPart": _refs(files),
        "mentions": _refs(["#run", *(f"#making-{name}" for name in story.samples)]),
    }
    yield (
        {"@id": license_url, "@type": "CreativeWork", "name": license_url}
        if license_url
        else {"@id": "#licence", "@type": "CreativeWork", "name": "No licence is stated: ask the laboratory."}
    )


def _file(target: Path, name: str) -> Entity:
    kind = "text/plain" if name.endswith(".xy") else mimetypes.guess_type(name)[0] or "application/yaml"
    said = NAMES.get(name) or TABLES.get(name) or KEPT.get(Path(name).suffix, name)
    return {
        "@id": name,
        "@type": "File",
        "name": said[0].upper() + said[1:],
        "encodingFormat": kind,
        "contentSize": str((target / name).stat().st_size),
    }


def _instruments(story: Story) -> Iterator[Entity]:
    for name, device in story.lab.devices.items():
        yield {"@id": f"#{name}", "@type": "Product", "name": name, "model": device.model, "category": "device"}
    version = next((event.data["versions"]["athanor"] for event in story.said("run_started")), "unknown")
    yield {
        "@id": "#athanor",
        "@type": "SoftwareApplication",
        "name": "Athanor",
        "softwareVersion": version,
    }


def _run(story: Story, files: list[str]) -> Entity:
    asked = [name for name in ("protocol.yaml", "lab.yaml", "campaign.yaml", "run.json") if name in files]
    given = [name for name in files if name not in asked]
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"A run of {story.recipe.protocol}",
        "instrument": _refs(["#athanor", *(f"#{name}" for name in story.lab.devices)]),
        "object": _refs(asked),
        "result": _refs([*given, *(f"#{name}" for name in story.samples)]),
        "actionStatus": {"@id": COMPLETED if story.is_over else "http://schema.org/ActiveActionStatus"},
    } | _times(story, story.start_s, story.end_s)


def _sample(story: Story, sample: Sample) -> Iterator[Entity]:
    """The sample, how it was made, and its figures."""
    spans = [span for span in story.spans if sample.name in span.samples]
    made, asked = f"#making-{sample.name}", parameters(sample)
    figures = {name: value for name, value in sample.results.items() if name in story.quantities}
    yield {
        "@id": f"#{sample.name}",
        "@type": "Product",
        "name": sample.name,
        "description": f"{sample.status}{f': {sample.why}' if sample.why else ''}",
        "additionalProperty": _refs(f"#{sample.name}-{name}" for name in (*asked, *figures)),
        "wasGeneratedBy": {"@id": made},
    }
    action: Entity = {
        "@id": made,
        "@type": "CreateAction",
        "name": f"The making of {sample.name}",
        "object": _refs(["protocol.yaml", "lab.yaml"]),
        "instrument": _refs(dict.fromkeys(f"#{span.device}" for span in spans if span.device)),
        "result": _refs([f"#{sample.name}", *(f"#{sample.name}-{name}" for name in figures)]),
        "used": _refs(f"#{sample.name}-{name}" for name in asked),
    }
    if sample.name in story.ended_s:
        action["actionStatus"] = {"@id": FAILED if sample.why else COMPLETED}
    yield action | (
        _times(story, min(span.start_s for span in spans), max(span.end_s for span in spans)) if spans else {}
    )
    for name, value in (asked | figures).items():
        yield {"@id": f"#{sample.name}-{name}", "@type": "PropertyValue", "name": name, "value": value}


def _looks(story: Story, files: list[str]) -> Iterator[Entity]:
    """What each picture shows, and what was seen in it."""
    for event in story.said("look"):
        for part, words in (("picture", "Seen"), ("mask", "What was recognised")):
            name = f"{FOLDERS['.png']}/{event.data.get(part)}"
            if name in files:
                yield {
                    "@id": name,
                    "name": f"{words}: {event.task}",
                    "description": f"{event.data.get('answer', '')}: {event.data.get('reason', '')}",
                    "about": _refs(f"#{sample}" for sample in event.sample.split(",") if sample),
                    "wasGeneratedBy": {"@id": "#run"},
                }


def _scans(story: Story, files: list[str]) -> Iterator[Entity]:
    """What each diffraction pattern was taken of, and what was found in it."""
    for event in story.said("diffracted"):
        name = f"{FOLDERS['.xy']}/{event.data['pattern']}"
        if name in files:
            found = ", ".join(f"{phase} {share:.0%}" for phase, share in event.data["fractions"].items())
            yield {
                "@id": name,
                "name": f"Diffraction pattern: {event.task}",
                "description": found,
                "about": _refs(f"#{sample}" for sample in event.sample.split(",") if sample),
                "wasGeneratedBy": {"@id": "#run"},
            }


def _is_simulated(story: Story) -> bool:
    return any(event.data.get("simulated") for event in story.said("run_started"))


def _times(story: Story, start_s: float, end_s: float) -> Entity:
    """Dates, where the bench's clock was one on the wall; a rehearsal on virtual time has none."""
    setup: Setup = RunFolder(story.folder).setup
    if setup.epoch_s is None:
        return {}
    epoch = datetime.fromtimestamp(setup.epoch_s).astimezone()
    return {"startTime": _date(epoch, start_s), "endTime": _date(epoch, end_s)}


def _date(epoch: datetime, after_s: float) -> str:
    return (epoch + timedelta(seconds=after_s)).isoformat(timespec="seconds")
