from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from pollux.config import SHORT_NAMES, OpenAIServer, Route, Server, Settings, Store, describe, load, mask
from pollux.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _no_user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))


def write(folder: Path, text: str) -> Path:
    path = folder / "pollux.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    settings = load({}, {}, tmp_path)
    assert settings == Settings()
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8000)
    assert (settings.limits.request_bytes, settings.limits.images_per_request) == (64 << 20, 3600)
    assert settings.config_file is None


def test_defaults_file_environment_flags_each_win_over_the_former(tmp_path: Path) -> None:
    write(tmp_path, '[server]\nport = 1\nhost = "10.0.0.1"\nlog_level = "debug"\ndeadline_seconds = 5\n')
    settings = load({"server.port": 3}, {"POLLUX_PORT": "2", "POLLUX_HOST": "10.0.0.2"}, tmp_path)
    assert settings.server == Server(port=3, host="10.0.0.2", log_level="debug", deadline_seconds=5.0)
    assert settings.origins["server.port"] == "--port"
    assert settings.origins["server.host"] == "POLLUX_HOST"
    assert "pollux.toml" in settings.origins["server.log_level"]


def test_the_file_of_the_working_folder_wins_over_the_users(tmp_path: Path) -> None:
    users = write(tmp_path / "user" / "pollux", "[server]\nport = 1\n")
    assert load({}, {}, tmp_path).config_file == users
    here = write(tmp_path, "[server]\nhost = 'localhost'\n")
    settings = load({}, {}, tmp_path)
    assert (settings.config_file, settings.server.port) == (here, 8000)


@pytest.mark.parametrize(
    ("flags", "environ"), [({"config": "x/pollux.toml"}, {}), ({}, {"POLLUX_CONFIG": "x/pollux.toml"})]
)
def test_a_named_file_is_read_and_must_exist(tmp_path: Path, flags: dict[str, str], environ: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"there is no file .*x/pollux\.toml"):
        load(flags, environ, tmp_path)
    write(tmp_path / "x", "[server]\nport = 7\n")
    assert load(flags, environ, tmp_path).server.port == 7


def test_every_key_is_an_environment_variable_by_one_rule(tmp_path: Path) -> None:
    for line in describe(Settings()):
        name = "POLLUX_" + line.key.replace(".", "_").upper()
        assert line.variable == name or SHORT_NAMES[line.variable] == line.key
    environ = {
        "POLLUX_ENGINE_BUILTIN_THREADS": "4",
        "POLLUX_FETCH_ALLOW_PRIVATE": "true",
        "POLLUX_LIMITS_RPM": "60",
        "POLLUX_SERVER_ALLOWED_HOSTS": "a.example, b.example",
        "POLLUX_SERVER_PORT": "1",
        "POLLUX_PORT": "2",
        "POLLUX_HOST": "",
        "POLLUX_DOCS": "/anything",
        "PATH": "/bin",
    }
    settings = load({}, environ, tmp_path)
    assert settings.engine.builtin.threads == 4
    assert settings.fetch.allow_private is True
    assert settings.limits.rpm == 60
    assert settings.server == Server(port=2, allowed_hosts=("a.example", "b.example"))


def test_folders_start_from_the_place_that_names_them(tmp_path: Path) -> None:
    write(tmp_path / "etc", "[store]\ndata_dir = 'data'\n")
    config = {"config": "etc/pollux.toml"}
    assert load(config, {}, tmp_path).store.data_dir == tmp_path / "etc" / "data"
    assert load(config, {"POLLUX_DATA_DIR": "data"}, tmp_path).store.data_dir == tmp_path / "data"
    assert load({"store.data_dir": "~/p"}, {}, tmp_path).store.data_dir == Path.home() / "p"


def test_database_and_blobs_rest_in_the_data_folder_unless_set(tmp_path: Path) -> None:
    store = Store(data_dir=tmp_path)
    assert store.database_url == f"sqlite:///{tmp_path}/pollux.db"
    assert store.blobs_url == f"file://{tmp_path}/blobs"
    assert Store(database="postgresql://h/db").database_url == "postgresql://h/db"


def test_models_and_routes_keep_their_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[models."gemini-2.5-*"]\ninput_token_limit = 10\nmethods = ["countTokens"]\n[models."*"]\n[routes]\n'
        '"b*" = "x"\n"a*" = "builtin"\n',
    )
    settings = load({}, {}, tmp_path)
    assert list(settings.models) == ["gemini-2.5-*", "*"]
    assert settings.models["gemini-2.5-*"].input_token_limit == 10
    assert settings.models["gemini-2.5-*"].methods == ("countTokens",)
    assert list(settings.routes.items()) == [("b*", Route(engine="x")), ("a*", Route(engine="builtin"))]


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, "[server]\nport = 1\n[routes]\na = 'b'\n")
    settings = load({}, {}, tmp_path)
    with pytest.raises(AttributeError):
        settings.server = Server()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        settings.server.port = 2  # type: ignore[misc]
    for mapping in (settings.routes, settings.models, settings.origins):
        with pytest.raises(TypeError):
            cast(dict[str, object], mapping)["a"] = "c"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[server]\nprot = 1", r"unknown key \[server\] prot; did you mean port\?"),
        ("[sever]\nport = 1", r"unknown key sever; did you mean server\?"),
        ("port = 1", r"unknown key port; known here: batch, engine, .*models, .*routes"),
        ("[engine.bultin]\nthreads = 1", r"unknown key \[engine\] bultin; did you mean builtin\?"),
        ("[models.x]\nlimit = 1", r'unknown key \[models."x"\] limit; '),
        ("server = 1", r"server must be a table, not 1"),
        ("routes = 1", r"routes must be a table, not 1"),
        ("[routes]\na = 1", r'\[routes\] "a" must be the name of an engine, or a table .*, not 1'),
        ("[server]\nport = '1'", r"\[server\] port must be a whole number from 0 to 65535, not '1'"),
        ("[server]\nport = true", r"\[server\] port must be a whole number"),
        ("[server]\nport = 65536", r"from 0 to 65535, not 65536"),
        ("[server]\ndeadline_seconds = 0", r"a number above 0 and at most 86400, not 0"),
        ("[server]\ndeadline_seconds = nan", r"a number above 0"),
        ("[server]\nlog_level = 'loud'", r"one of debug, error, info, warning, not 'loud'"),
        ("[server]\nhost = 'http://x'", r"a host name or address without scheme"),
        ("[server]\nhost = 'localhost:80'", r"a host name or address without scheme, port"),
        ("[server]\ncors_origins = ['*']", r'an origin such as "https://app.example"'),
        ("[server]\ntrusted_proxies = ['10.0.0.0/99']", r"networks such as 10\.0\.0\.0/8"),
        ("[server]\nallowed_hosts = 'a'", r"allowed_hosts must be a list"),
        ("[limits]\nrpm = 0", r"\[limits\] rpm must be a whole number of at least 1, not 0"),
        ("[fetch]\nallow_private = 1", r"true or false, not 1"),
        ("[store]\ndata_dir = ''", r"\[store\] data_dir must be a folder"),
        ("[models.x]\ninput_token_limit = 0", r'\[models."x"\] input_token_limit must be'),
        ("[server\n", r"not valid TOML: .*line 1"),
    ],
)
def test_a_fault_is_one_line_with_the_file_the_key_and_the_remedy(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError, match=message) as caught:
        load({}, {}, tmp_path)
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("flags", "environ", "message"),
    [
        ({}, {"POLLUX_PORT": "x"}, r"^POLLUX_PORT must be a whole number from 0 to 65535, not 'x'$"),
        ({"server.port": "70000"}, {}, r"^--port must be a whole number from 0 to 65535, not '70000'$"),
        ({"server.log_level": "loud"}, {}, r"^--log-level must be one of"),
        ({}, {"POLLUX_FETCH_ALLOW_PRIVATE": "perhaps"}, r"^POLLUX_FETCH_ALLOW_PRIVATE must be true or false"),
    ],
)
def test_faults_outside_the_file_name_the_flag_or_variable(
    tmp_path: Path, flags: dict[str, Any], environ: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load(flags, environ, tmp_path)


def test_secrets_are_shown_neither_by_describe_nor_by_messages(tmp_path: Path) -> None:
    settings = load({}, {"POLLUX_DATABASE_URL": "postgresql://u:hush@h/db"}, tmp_path)
    assert "hush" not in "".join(map(str, describe(settings)))
    write(tmp_path, "[store]\ndatabase = ['postgresql://u:hush@h/db']\n")
    with pytest.raises(ConfigurationError) as caught:
        load({}, {}, tmp_path)
    assert "hush" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:p@ss@h:5/db", "postgresql://u:***@h:5/db"),
        (
            "s3://bucket?access_key_id=A&secret_access_key=B&region=C",
            "s3://bucket?access_key_id=***&secret_access_key=***&region=C",
        ),
        ("sqlite:///a/b.db", "sqlite:///a/b.db"),
    ],
)
def test_mask(url: str, shown: str) -> None:
    assert mask(url) == shown


def test_every_key_says_what_it_means() -> None:
    lines = list(describe(Settings()))
    assert len(lines) > 20
    assert all(line.text for line in lines)
    sections = {line.key.rpartition(".")[0] for line in lines}
    wanted = {"server", "store", "limits", "files", "fetch", "batch", "search", "provenance", "faults"}
    assert sections == wanted | {"engine.builtin", "engine.google", "engine.replay"}


def test_the_key_of_google_is_never_shown(tmp_path: Path) -> None:
    settings = load(
        {}, {"POLLUX_GOOGLE_API_KEY": "AIza-hidden", "GOOGLE_API_KEY": "x", "GEMINI_API_KEY": "y"}, tmp_path
    )
    assert settings.engine.google.key == "AIza-hidden"
    assert "AIza-hidden" not in repr(settings)
    assert "AIza-hidden" not in str([*describe(settings)])
    assert load({}, {"GOOGLE_API_KEY": "x", "GEMINI_API_KEY": "y"}, tmp_path).engine.google.key == ""


def test_rates_of_faults(tmp_path: Path) -> None:
    settings = load({}, {"POLLUX_FAULTS_RATES": "429=0.1, slow:2.5=.05"}, tmp_path)
    assert settings.faults.rates == ("429=0.1", "slow:2.5=.05")
    with pytest.raises(ConfigurationError, match="429, 503, slow:SECONDS"):
        load({}, {"POLLUX_FAULTS_RATES": "oops=0.1"}, tmp_path)


SERVER = '[engine.openai.qwen]\naddress = "http://gpu:8001/v1"\nmodel = "Qwen/Qwen3-VL-8B"\n'


def test_openai_servers_of_the_file(tmp_path: Path) -> None:
    more = 'api_key_env = "QWEN_KEY"\nretries = 5\nabilities = ["text", "image_in"]\nmask_decoder = "vae.npz"\n'
    extra = '[engine.openai.qwen.extra]\nuser = "me"\n'
    write(tmp_path, f'{SERVER}{more}{extra}[engine.builtin]\nthreads = 3\n[routes]\n"gemini-*" = "qwen"\n')
    settings = load({}, {"QWEN_KEY": "sk-hidden"}, tmp_path)
    server = settings.named["qwen"]
    assert isinstance(server, OpenAIServer)
    assert server.address == ("http://gpu:8001/v1",)
    assert (server.model, server.api_key, server.retries) == ("Qwen/Qwen3-VL-8B", "sk-hidden", 5)
    assert (server.abilities, server.extra) == (("text", "image_in"), {"user": "me"})
    assert server.mask_decoder == tmp_path / "vae.npz"
    assert {pattern: route.engine for pattern, route in settings.routes.items()} == {"gemini-*": "qwen", "qwen": "qwen"}
    assert settings.engine.builtin.threads == 3
    assert "sk-hidden" not in repr(settings)
    assert "sk-hidden" not in str([*describe(settings)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SERVER + 'modle = "x"', r'unknown key \[engine.openai."qwen"\] modle; did you mean model\?'),
        (SERVER + "retries = -1", r"retries must be a whole number from 0 to 20"),
        (SERVER + 'abilities = ["fly"]', r"abilities must be a list, each item one of"),
        (SERVER + "api_key = 5", r"api_key must be a text$"),
        (SERVER + 'api_key_env = "NOT_THERE"', r"environment variable NOT_THERE is not set"),
        ('[engine.openai."a:b"]\n', r"choose another name"),
        ("[engine]\nopenai = 1", r"engine.openai must be a table"),
    ],
)
def test_faults_of_openai_servers(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ConfigurationError, match=message):
        load({}, {}, tmp_path)


def test_models_of_flags_win(tmp_path: Path) -> None:
    write(tmp_path, '[routes]\n"gemini-*" = "builtin"\n')
    models = ["gemini-*=openai:http://a:1/v1,http://b:1/v1#org/model", "mine=builtin"]
    settings = load({"model": models}, {"POLLUX_OPENAI_API_KEY": "k"}, tmp_path)
    assert [(pattern, route.engine) for pattern, route in settings.routes.items()] == [
        ("gemini-*", "gemini-*"),
        ("mine", "builtin"),
    ]
    server = settings.named["gemini-*"]
    assert isinstance(server, OpenAIServer)
    assert (server.address, server.model, server.api_key) == (("http://a:1/v1", "http://b:1/v1"), "org/model", "k")


@pytest.mark.parametrize("text", ["x", "=openai:http://a#m", "x=", "x=openai", "x=openai:http://a/v1", "x=openai:#m"])
def test_faults_of_model_flags(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="--model"):
        load({"model": [text]}, {}, tmp_path)
