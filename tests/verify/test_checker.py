"""The door: verdicts, loading, and the floors on the dev split."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.errors import SetupError
from advisor.verify import Checker, verify
from advisor.verify.checker import FOLDER

DATA = Path(__file__).resolve().parents[2] / "evals" / "data" / "verify"
FLOORS = json.loads((Path(__file__).with_name("floors.json")).read_text(encoding="utf-8"))
ALWAYS_CAUGHT = {"name", "place", "unit"}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker().load()


def test_the_room_opens_without_torch() -> None:
    code = "import sys, advisor.verify; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_copies_pass_with_the_passage_that_holds_them(checker: Checker) -> None:
    passages = ["Vinnova pays.", "Arena lasts three years [s1]. It began in 2002 [s2]."]
    verdict = checker.verify("Arena lasts three years.", passages)
    assert verdict.supported and verdict.passage == 1 and verdict.score == 1.0


def test_reasons_can_be_read(checker: Checker) -> None:
    verdict = checker.verify("Canada chose 50 superclusters.", ["Canada chose 5 superclusters in 2018."])
    assert not verdict.supported
    assert "the passage says 5" in verdict.reason and "the claim says 50" in verdict.reason
    assert checker.verify("Denmark chose five.", ["Canada chose 5."]).reason == "no passage names Denmark"


def test_empty_input_is_never_supported(checker: Checker) -> None:
    assert not checker.verify("", ["Arena lasts three years."]).supported
    assert not checker.verify("Arena lasts three years.", []).supported


def test_many_at_once_is_the_same_as_one_by_one(checker: Checker) -> None:
    items = [
        ("Arena runs for three years.", ["Arena supports a cluster for three years.", "Vinnova pays."]),
        ("Denmark runs it.", ["Sweden runs it."]),
    ]
    together = checker.verify_many(items)
    for verdict, item in zip(together, items, strict=True):
        alone = checker.verify(*item)
        assert (verdict.supported, verdict.passage) == (alone.supported, alone.passage)
        assert verdict.score == pytest.approx(alone.score, abs=1e-4)


def test_the_shipped_door(checker: Checker) -> None:
    assert verify("Arena lasts three years.", ["Arena lasts three years."]).supported


def test_a_missing_model_is_said_and_never_silent(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="missing"):
        Checker(tmp_path).load()
    with pytest.raises(SetupError):
        Checker(tmp_path).verify("Fees rose.", ["Dues went up."])


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "model")
    with (tmp_path / "model" / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x00" if file.read(1) != b"\x00" else b"\x01")
    with pytest.raises(SetupError, match="not the one"):
        Checker(tmp_path / "model").load()


@pytest.mark.parametrize(("split", "floor"), [("dev", "pass_floor"), ("ordinary_dev", "ordinary_pass_floor")])
def test_floors_on_dev(checker: Checker, split: str, floor: str) -> None:
    rows = [json.loads(line) for line in (DATA / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]
    verdicts = checker.verify_many([(row["claim"], row["passages"]) for row in rows])
    true = [v.supported for v, row in zip(verdicts, rows, strict=True) if row["label"]]
    false = [(v.supported, row) for v, row in zip(verdicts, rows, strict=True) if not row["label"]]
    leaked = [row for supported, row in false if supported]
    assert len(leaked) / len(false) <= FLOORS["leak_ceiling"], [row["claim"] for row in leaked]
    assert sum(true) / len(true) >= FLOORS[floor]
    assert not [row["claim"] for row in leaked if row["kind"] in ALWAYS_CAUGHT]


def test_groups_do_not_cross_the_splits() -> None:
    groups = {}
    for split in ("train", "dev", "test", "ordinary_dev", "ordinary_test"):
        lines = (DATA / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()
        groups[split] = {json.loads(line)["group"] for line in lines}
    groups["dev"] |= groups["ordinary_dev"]
    groups["test"] |= groups["ordinary_test"]
    assert not groups["train"] & groups["dev"]
    assert not groups["test"] & (groups["train"] | groups["dev"])
