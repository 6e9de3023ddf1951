"""A wrong, missing or unknown setting stops the start with a sentence that names it."""

from pathlib import Path

import pytest

import settings
from loopback import is_loopback
from settings.mail import MailboxSettings, RelaySettings
from settings.variables import SettingsError

OPEN_TO_OTHERS = {
    "INTROBROKER_HTTP": "0.0.0.0:8700",
    "INTROBROKER_SMTP_URL": "smtps://us:secret@relay.example.org",
    "INTROBROKER_PUBLIC_URL": "https://introductions.example.org/",
    "INTROBROKER_REPLY_TO": "olive@example.org",
}


@pytest.fixture(autouse=True)
def no_profile_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))


def test_nothing_told_means_everything_on_this_machine() -> None:
    told = settings.load({})
    assert (told.host, told.port, told.public_url) == ("127.0.0.1", 8700, "http://127.0.0.1:8700")
    assert told.data == Path(".introbroker").absolute()
    assert told.database_url == f"sqlite:///{told.data}/introbroker.db"
    assert told.is_embedded
    assert told.shows_mail_page
    assert not told.is_open_to_others


def test_the_environment_of_the_process_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTROBROKER_HTTP", "[::1]:9000")
    told = settings.load()
    assert (told.host, told.port, told.public_url) == ("::1", 9000, "http://[::1]:9000")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("INTROBROKER_HTPP", "x", "did you mean INTROBROKER_HTTP?"),
        ("INTROBROKER_COLOUR", "x", "known are INTROBROKER_DATA,"),
        ("INTROBROKER_HTTP", "8700", "it should be host:port"),
        ("INTROBROKER_HTTP", "127.0.0.1:0", "it should be host:port"),
        ("INTROBROKER_HTTP", "127.0.0.1:65536", "it should be host:port"),
        ("INTROBROKER_DATABASE_URL", "mysql://a/b", "INTROBROKER_DATABASE_URL should be sqlite:///"),
        ("INTROBROKER_PUBLIC_URL", "introductions.example.org", "an address such as https://"),
        ("INTROBROKER_PUBLIC_URL", "https://example.org:port", "an address such as https://"),
        ("INTROBROKER_PUBLIC_URL", "https://example.org/here", "without a path"),
        ("INTROBROKER_PUBLIC_URL", "http://example.org", "an https:// address"),
        ("INTROBROKER_REPLY_TO", "Olive", "one e-mail address"),
        ("INTROBROKER_FROM", "a@b@c", "one e-mail address"),
        ("TEMPORAL_ADRESS", "127.0.0.1:7233", "did you mean TEMPORAL_ADDRESS?"),
        ("TEMPORAL_ADDRESS", "nowhere", "TEMPORAL_ADDRESS is 'nowhere': it should be host:port"),
        ("TEMPORAL_NAMESPACE", "ours", "name namespace but no address"),
        ("TEMPORAL_PROFILE", "unknown", "Profile 'unknown' not found"),
        ("TEMPORAL_CONFIG_FILE", "/no/such/file.toml", "no such file"),
        ("TEMPORAL_TLS", "maybe", "it should be true or false"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        settings.load({name: text})
    assert sentence in str(refusal.value)
    assert name.split("_")[0] in str(refusal.value).upper()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://127.0.0.1:2525", RelaySettings(host="127.0.0.1", port=2525, security="none")),
        ("smtp://127.0.0.1", RelaySettings(host="127.0.0.1", port=25, security="none")),
        (
            "smtp://us%40x:p%2Fw@relay.example.org?starttls",
            RelaySettings(host="relay.example.org", port=587, security="starttls", login="us@x", password="p/w"),
        ),
        (
            "smtps://us:pw@relay.example.org:4650",
            RelaySettings(host="relay.example.org", port=4650, security="tls", login="us", password="pw"),
        ),
    ],
)
def test_a_relay_is_read_from_its_url(url: str, relay: RelaySettings) -> None:
    told = settings.load({**OPEN_TO_OTHERS, "INTROBROKER_SMTP_URL": url})
    assert told.relay == relay
    assert not told.shows_mail_page
    assert told.sender == "olive@example.org"


@pytest.mark.parametrize(
    "url",
    [
        "http://us:secret@relay.example.org",
        "smtp://us:secret@relay.example.org",
        "smtp://us:secret@relay.example.org?tls",
        "smtp://us:secret@relay.example.org:port",
        "smtp://us:secret@relay.example.org/path?starttls",
        "smtp://:secret@relay.example.org?starttls",
    ],
)
def test_a_wrong_relay_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        settings.load({**OPEN_TO_OTHERS, "INTROBROKER_SMTP_URL": url})
    assert "INTROBROKER_SMTP_URL" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_no_secret_shows_when_settings_are_printed() -> None:
    told = {
        **OPEN_TO_OTHERS,
        "INTROBROKER_DATABASE_URL": "postgresql://us:secret@db:5432/introbroker",
        "TEMPORAL_ADDRESS": "cloud.example.org:7233",
        "TEMPORAL_API_KEY": "secret",
    }
    assert "secret" not in repr(settings.load(told))


@pytest.mark.parametrize("missing", ["INTROBROKER_SMTP_URL", "INTROBROKER_PUBLIC_URL", "INTROBROKER_REPLY_TO"])
def test_other_machines_are_let_in_only_when_letters_leave_and_somebody_reads_the_replies(
    missing: str,
) -> None:
    settings.load(OPEN_TO_OTHERS)
    with pytest.raises(SettingsError, match=missing):
        settings.load({name: text for name, text in OPEN_TO_OTHERS.items() if name != missing})


def test_pages_for_other_machines_are_encrypted() -> None:
    with pytest.raises(SettingsError, match="https://"):
        settings.load({**OPEN_TO_OTHERS, "INTROBROKER_PUBLIC_URL": "http://127.0.0.1:8700"})


def test_no_letter_leaves_before_somebody_reads_the_replies() -> None:
    with pytest.raises(SettingsError, match="INTROBROKER_REPLY_TO"):
        settings.load({"INTROBROKER_SMTP_URL": "smtp://127.0.0.1:25"})


def test_other_machines_are_let_in_only_when_an_operator_has_an_account() -> None:
    told = settings.load(OPEN_TO_OTHERS)
    settings.refuse_without_operator(told, operator_accounts=1)
    settings.refuse_without_operator(settings.load({}), operator_accounts=0)
    with pytest.raises(SettingsError, match="operator"):
        settings.refuse_without_operator(told, operator_accounts=0)


def test_a_cluster_is_named_by_temporals_own_variables() -> None:
    told = settings.load({"TEMPORAL_ADDRESS": "cluster.example.org:7233", "TEMPORAL_NAMESPACE": "ours"})
    assert told.temporal == {"target_host": "cluster.example.org:7233", "namespace": "ours"}
    assert not told.is_embedded


def test_a_cluster_is_named_by_temporals_profile_file(tmp_path: Path) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\naddress = "cluster.example.org:7233"\napi_key = "k"\n')
    told = settings.load({"TEMPORAL_CONFIG_FILE": str(file)})
    assert told.temporal == {"target_host": "cluster.example.org:7233", "api_key": "k", "tls": True}


def test_a_misspelt_key_in_the_profile_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.default]\nadress = "cluster.example.org:7233"\n')
    with pytest.raises(SettingsError, match="adress"):
        settings.load({"TEMPORAL_CONFIG_FILE": str(file)})


def test_a_child_finds_our_surroundings_with_words_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTROBROKER_HTTP", "127.0.0.1:9000")
    around = settings.child_environment(TEMPORAL_ADDRESS="127.0.0.1:7000")
    assert (around["INTROBROKER_HTTP"], around["TEMPORAL_ADDRESS"]) == ("127.0.0.1:9000", "127.0.0.1:7000")


BOUNCES = {"INTROBROKER_BOUNCES": "bounces@example.org"}


def test_what_comes_back_has_an_address_and_may_have_a_mailbox() -> None:
    told = settings.load(BOUNCES | {"INTROBROKER_IMAP_URL": "imaps://us:s%40cret@mail.example.org/Back%20again"})
    assert told.bounces == "bounces@example.org"
    assert told.mailbox == MailboxSettings(
        host="mail.example.org", port=993, security="tls", login="us", password="s@cret", folder="Back again"
    )
    assert "cret" not in repr(told)


@pytest.mark.parametrize(
    "told",
    [
        {"INTROBROKER_BOUNCES": "a-very-long-local-part@example.org"},
        {"INTROBROKER_BOUNCES": "bounces+x@example.org"},
        {"INTROBROKER_IMAP_URL": "imaps://us:secret@mail.example.org"},  # whose mail lies there?
        BOUNCES | {"INTROBROKER_IMAP_URL": "imap://us:secret@mail.example.org"},  # a password in the clear
        BOUNCES | {"INTROBROKER_IMAP_URL": "imaps://mail.example.org"},
        BOUNCES | {"INTROBROKER_IMAP_URL": "imaps://us:secret@mail.example.org?starttls"},
        BOUNCES | {"INTROBROKER_IMAP_URL": "pop3://us:secret@mail.example.org"},
        BOUNCES | {"INTROBROKER_IMAP_URL": "imaps://us:secret@mail.example.org:port"},
    ],
)
def test_a_wrong_word_about_what_comes_back_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        settings.load(told)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [
        *((host, True) for host in ("localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]")),
        *((host, True) for host in ("::ffff:127.0.0.1", "[::ffff:7f00:1]")),
        *((host, False) for host in ("", "[]", "[localhost]", "[127.0.0.1]", "[::1", "::1]", "[[::1]]", "localhost.")),
        *((host, False) for host in ("::1%lo", "::1%eth0", "[::1%25lo]", "::ffff:192.0.2.1", "0.0.0.0", "::", "127.1")),
        *((host, False) for host in ("localhost.example.org", "127.0.0.1.example.org", "192.0.2.1", "2001:db8::1")),
    ],
)
def test_one_reading_says_which_hosts_are_this_machine(host: str, is_this_machine: bool) -> None:
    assert is_loopback(host) == is_this_machine
