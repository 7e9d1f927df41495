"""The ground floor: tokens, settings, prompts, texts, files."""

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor import prompts, settings, texts, tokens
from advisor.errors import SetupError, StoreError
from advisor.files import check_digest, locked, write_atomic


@given(st.text(max_size=200), st.integers(0, 40))
def test_clip_is_a_prefix_within_the_limit(text: str, limit: int) -> None:
    clipped = tokens.clip(text, limit)
    assert text.startswith(clipped)
    assert tokens.count(clipped) <= limit or clipped == text


def test_special_markers_are_plain_text() -> None:
    assert tokens.count("<|endoftext|>") > 1


def test_environment_beats_file_beats_default(tmp_path: Path) -> None:
    file = tmp_path / "advisor.toml"
    file.write_text('llm = "none"\nport = 9000\n', encoding="utf-8")
    loaded = settings.load(file, {"ADVISOR_PORT": "9001"})
    assert (loaded.llm, loaded.port, loaded.embedding) == ("none", 9001, "embedded:minilm")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("port = 99999", "port"),
        ("colour = 1", "Known settings"),
        ("port =", "not valid TOML"),
        ("[[sites]]\nkey='!'", "sites"),
    ],
)
def test_a_wrong_setting_names_key_and_cure(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "advisor.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError, match=says):
        settings.load(file, {})


def test_a_missing_settings_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such settings file"):
        settings.load(tmp_path / "none.toml", {})


def test_every_setting_is_documented() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    missing = [name for name in settings.Settings.model_fields if f"`{name}`" not in readme]
    assert not missing, f"README, Settings, lacks {missing}"


def test_a_prompt_must_use_what_it_declares(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\nvariables: [a, b]\n---\n{{a}} {{c}}\n", encoding="utf-8")
    with pytest.raises(SetupError, match="declares"):
        prompts.load("x", tmp_path)


def test_a_prompt_takes_exactly_its_variables() -> None:
    prompt = prompts.load("answer")
    with pytest.raises(SetupError, match="takes"):
        prompt.fill(question="?")
    assert "WHY" in prompt.fill(question="WHY", evidence="", language="English")


def test_all_languages_say_the_same_things() -> None:
    keys = {language: set(texts.texts(language)) for language in texts.LANGUAGES}
    assert all(found == keys["en"] for found in keys.values())
    assert texts.texts("xx") == texts.texts("en")


def test_weights_are_verified(tmp_path: Path) -> None:
    file = tmp_path / "weights"
    file.write_bytes(b"other")
    with pytest.raises(SetupError, match="SHA-256"):
        check_digest(file, "0" * 64, "mend it")


def test_an_atomic_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", b"old")
    with pytest.raises(StoreError):
        write_atomic(tmp_path / "a" / "b", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def _try(path: Path, answer: "multiprocessing.Queue[bool]") -> None:
    with locked(path, wait=False) as free:
        answer.put(free)


def test_a_lock_keeps_another_process_out(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answer: multiprocessing.Queue[bool] = context.Queue()
    with locked(tmp_path / "lock"):
        child = context.Process(target=_try, args=(tmp_path / "lock", answer))
        child.start()
        assert answer.get(timeout=30) is False
        child.join()
