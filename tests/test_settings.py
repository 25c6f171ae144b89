from __future__ import annotations

import os
from pathlib import Path

import pytest

from flowloom.errors import ConfigError, StorageError
from flowloom.settings import (
    DATA_VERSION,
    Settings,
    load_settings,
    prepare_data_directory,
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction] used by pytest
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "flowloom.toml") -> Path:
    file = Path(name)
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_need_nothing() -> None:
    loaded = load_settings()
    assert loaded.settings.model == "offline"
    assert loaded.config is None
    assert {origin.kind for origin in loaded.origins.values()} == {"default"}
    assert set(loaded.origins) == set(Settings.model_fields)


def test_flags_win_over_environment_over_file_over_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = write('model = "file"\nembedder = "file"\nmax_attempts = 7\n')
    monkeypatch.setenv("FLOWLOOM_MODEL", "environment")
    monkeypatch.setenv("FLOWLOOM_EMBEDDER", "environment")
    loaded = load_settings({"model": "flag", "timeout": None})
    assert (loaded.settings.model, loaded.settings.embedder) == ("flag", "environment")
    assert loaded.settings.max_attempts == 7
    origins = {name: str(origin) for name, origin in loaded.origins.items()}
    assert origins["model"] == "flag --model"
    assert origins["embedder"] == "environment FLOWLOOM_EMBEDDER"
    assert origins["max_attempts"] == f"file {file.absolute()}"
    assert origins["timeout"] == "default"


def test_the_address_is_read_from_both_variables_our_own_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://one.example")
    assert str(load_settings().origins["base_url"]) == "environment OPENAI_BASE_URL"
    monkeypatch.setenv("FLOWLOOM_BASE_URL", "http://two.example")
    loaded = load_settings()
    assert loaded.settings.base_url == "http://two.example"
    assert str(loaded.origins["base_url"]) == "environment FLOWLOOM_BASE_URL"


@pytest.mark.parametrize("secret", ["short", "sk-0123456789abcdef"])
def test_the_key_is_shown_nowhere(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", secret)
    loaded = load_settings()
    assert loaded.settings.openai_api_key.get_secret_value() == secret
    assert secret not in repr(loaded)
    assert secret not in str(loaded.shown())
    assert loaded.shown()["openai_api_key"]


def test_a_wrong_key_in_the_file_names_the_nearest() -> None:
    write('modle = "offline"\n')
    with pytest.raises(ConfigError, match="no setting 'modle'") as caught:
        load_settings()
    assert "'model'" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("max_attempts = 0", "'max_attempts' has a wrong value 0"),
        ('timeout = "soon"', "'timeout' has a wrong value 'soon'"),
        ('index_backend = "disk"', "'index_backend' has a wrong value 'disk'"),
        ('base_url = "nonsense"', "'base_url' has a wrong value"),
        ("catalog = 3", "'catalog' has a wrong value 3"),
        ("model = ", "is no TOML"),
    ],
)
def test_a_wrong_value_in_the_file_is_one_line(text: str, words: str) -> None:
    write(text)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert words in str(caught.value)
    assert "flowloom.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_value_in_the_environment_names_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLOWLOOM_MAX_TOKENS", "many")
    with pytest.raises(ConfigError, match="FLOWLOOM_MAX_TOKENS"):
        load_settings()


def test_a_wrong_value_never_shows_the_key() -> None:
    write('openai_api_key = ["sk-secret"]')
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert "sk-secret" not in str(caught.value)


def test_a_binary_configuration_file_is_one_line() -> None:
    Path("flowloom.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a text file"):
        load_settings()


def test_a_named_configuration_file_must_exist() -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        load_settings(config=Path("absent.toml"))


def test_paths_in_a_file_are_beside_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    text = 'data_dir = "data"\ncatalog = ["one.yaml", "https://api.example/openapi.json"]\n'
    loaded = load_settings(config=write(text, "deep/other.toml"))
    assert loaded.settings.data_dir == tmp_path / "deep" / "data"
    assert loaded.settings.catalog == (
        str(tmp_path / "deep" / "one.yaml"),
        "https://api.example/openapi.json",
    )


def test_sources_in_the_environment_are_a_path_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_CATALOG", os.pathsep.join(["a.yaml", "b.yaml"]))
    assert load_settings().settings.catalog == ("a.yaml", "b.yaml")


def test_a_data_directory_is_made_and_marked(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "data"
    assert prepare_data_directory(directory) == directory
    assert (directory / "version").read_text() == f"{DATA_VERSION}\n"
    assert prepare_data_directory(directory) == directory


@pytest.mark.parametrize(("text", "words"), [("99", "version 99"), ("two", "no number")])
def test_a_data_directory_of_another_version_is_refused(
    text: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "version").write_text(text)
    with pytest.raises(StorageError, match=words) as caught:
        prepare_data_directory(tmp_path)
    assert "--data-dir" in caught.value.hint


def test_a_data_directory_under_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        prepare_data_directory(tmp_path / "file" / "data")


def test_hosts_of_catalogs_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWLOOM_CATALOG_HOSTS", "example.com, *.example.org,")
    monkeypatch.setenv("FLOWLOOM_CATALOG_INTERNAL", "true")
    settings = load_settings().settings
    assert settings.catalog_hosts == ("example.com", "*.example.org")
    assert settings.catalog_internal
    monkeypatch.undo()
    assert not load_settings({"catalog_hosts": ["a.example"]}).settings.catalog_internal
