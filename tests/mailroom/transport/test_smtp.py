"""A mail server's answers, and what each means for a letter.

Every place it can say no, fall silent or break the line.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailroom.transport.relay import Accepted, NotSent, RelayAnswer, RelayRefused, Unknown
from mailroom.transport.smtp import RelayAddress, SmtpRelay, TimeLimits, dotted
from tests.support.services.sink import Sink, _Clerk

CARL, SENDER = "carl@example.test", "introductions@example.test"
LETTER = b"From: introductions@example.test\r\nSubject: Hello\r\n\r\nA line.\r\n.A line with a dot.\r\n"
PATIENCE = TimeLimits(connecting=2, command=0.5, after_the_dot=0.5, in_all=3)

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def a_server(script: Script) -> AsyncIterator[SmtpRelay]:
    """A mail server that says exactly what a test wants it to say."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await script(reader, writer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    relay = SmtpRelay(RelayAddress(host="127.0.0.1", port=server.sockets[0].getsockname()[1]), SENDER, PATIENCE)
    yield relay
    await relay.close()
    server.close()


def answering(**answers: str) -> Script:
    """To each command what is given here, and otherwise yes. An empty answer breaks the line."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            if not line:
                writer.transport.abort()
                raise ConnectionResetError
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say(answers.get("greeting", "220 here"))
        while command := (await reader.readline()).decode().split(" ")[0].split(":")[0].strip().lower():
            if command == "data":
                await say(answers.get("data", "354 go on"))
                await reader.readuntil(b"\r\n.\r\n")
                await say(answers.get("dot", "250 taken"))
            else:
                await say(answers.get(command, "250 yes"))

    return script


async def send(script: Script) -> RelayAnswer:
    async with a_server(script) as relay:
        return await relay.send(LETTER, CARL, "<let_1@example.test>")


@pytest.mark.parametrize(
    ("answers", "meant"),
    [
        ({}, Accepted(said="250 at the final dot")),
        ({"greeting": "421 too busy"}, NotSent(said="421 at connection")),
        ({"greeting": "554 not you"}, NotSent(said="554 at connection")),
        ({"mail": "450 wait"}, NotSent(said="450 at MAIL")),
        ({"mail": "530 5.7.0 who are you"}, NotSent(said="530 5.7.0 at MAIL")),
        ({"mail": ""}, NotSent(said="SMTPServerDisconnected at MAIL")),
        ({"rcpt": "450 4.2.0 greylisted"}, RelayRefused(said="450 4.2.0 at RCPT", permanent=False)),
        ({"rcpt": "550 5.1.1 nobody"}, RelayRefused(said="550 5.1.1 at RCPT", permanent=True, blames_address=True)),
        ({"rcpt": "550 nobody"}, RelayRefused(said="550 at RCPT", permanent=True, blames_address=True)),
        ({"rcpt": "553 bad name"}, RelayRefused(said="553 at RCPT", permanent=True, blames_address=True)),
        ({"rcpt": "550 5.7.1 we block you"}, RelayRefused(said="550 5.7.1 at RCPT", permanent=True)),
        ({"rcpt": "552 5.2.2 full"}, RelayRefused(said="552 5.2.2 at RCPT", permanent=True)),
        ({"rcpt": ""}, NotSent(said="SMTPServerDisconnected at RCPT")),
        ({"data": "451 not now"}, RelayRefused(said="451 at DATA", permanent=False)),
        ({"data": "554 never"}, RelayRefused(said="554 at DATA", permanent=True)),
        ({"data": ""}, NotSent(said="SMTPServerDisconnected at DATA")),
        ({"dot": "452 4.3.1 full"}, RelayRefused(said="452 4.3.1 at the final dot", permanent=False)),
        ({"dot": "554 5.7.1 spam"}, RelayRefused(said="554 5.7.1 at the final dot", permanent=True)),
        ({"dot": ""}, Unknown(said="SMTPServerDisconnected at the final dot")),
        ({"dot": "what?"}, Unknown(said="no sense in the answer after the final dot")),
        ({"dot": "999 what?"}, Unknown(said="999 after the final dot")),
    ],
)
async def test_each_answer_means_one_thing(answers: dict[str, str], meant: RelayAnswer) -> None:
    assert await send(answering(**answers)) == meant


async def test_what_a_server_says_of_an_address_is_not_repeated() -> None:
    outcome = await send(answering(rcpt=f"550 5.1.1 <{CARL}>: nobody here"))
    assert "carl" not in outcome.said


async def test_silence_before_the_dot_is_not_sent_and_after_it_unknown() -> None:
    async def silent_at(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, step: bytes) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line.upper().startswith(step):
                await asyncio.sleep(5)
            if line.upper().startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(5)
            writer.write(b"250 yes\r\n")

    assert isinstance(await send(lambda r, w: silent_at(r, w, step=b"RCPT")), NotSent)
    assert isinstance(await send(lambda r, w: silent_at(r, w, step=b"nothing")), Unknown)


async def test_a_server_that_drips_is_given_up_in_all() -> None:
    async def dripping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while await reader.readline():
            for _ in range(20):
                writer.write(b"250-more\r\n")
                await writer.drain()
                await asyncio.sleep(0.3)
            writer.write(b"250 yes\r\n")

    started = asyncio.get_running_loop().time()
    assert isinstance(await send(dripping), NotSent)
    assert asyncio.get_running_loop().time() - started < 5


async def test_connections_are_kept_and_replaced_when_they_broke(sink: Sink, relay: SmtpRelay) -> None:
    for _ in range(5):
        assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), Accepted)
    assert sink.connections == 1
    sink.drop_after_dot(CARL, times=1)
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), Unknown)
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), Accepted)
    assert sink.connections == 2


async def test_a_kept_connection_closed_by_the_other_side_costs_no_letter(sink: Sink, relay: SmtpRelay) -> None:
    await relay.send(LETTER, CARL, "<a@b>")
    await sink.close()
    for connection in relay._idle:
        connection.close()
    await sink.open()
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), Accepted)


async def test_a_refused_letter_does_not_cost_the_connection(sink: Sink, relay: SmtpRelay) -> None:
    sink.refuse(CARL, 550, times=1)
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), RelayRefused)
    assert isinstance(await relay.send(LETTER, "rosa@example.test", "<a@b>"), Accepted)
    assert sink.connections == 1


async def test_several_letters_go_at_once_over_a_few_connections(sink: Sink, relay: SmtpRelay) -> None:
    sink.delay(CARL, 0.05)
    await asyncio.gather(*(relay.send(LETTER, CARL, f"<{n}@b>") for n in range(20)))
    assert (len(sink.kept), sink.connections) == (20, 4)


async def test_nobody_there_is_no_readiness(sink: Sink, relay: SmtpRelay) -> None:
    assert await relay.ready()
    await relay.close()
    await sink.close()
    assert not await relay.ready()
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), NotSent)


async def test_a_letter_arrives_as_it_was_written(sink: Sink, relay: SmtpRelay) -> None:
    await relay.send(LETTER, CARL, "<a@b>")
    assert sink.kept[0].raw == LETTER


def test_a_line_with_nothing_but_a_dot_does_not_end_the_letter() -> None:
    assert dotted(b"a\n.\nb") == b"a\r\n..\r\nb\r\n.\r\n"
    assert dotted(b"a\r\n\r\n") == b"a\r\n\r\n.\r\n"


@pytest.mark.parametrize("address", ["carl@example.test\r\nRCPT TO:<stan@example.test>", "a b@example.test\x00"])
async def test_an_address_cannot_carry_a_command(sink: Sink, relay: SmtpRelay, address: str) -> None:
    assert isinstance(await relay.send(LETTER, address, "<a@b>"), NotSent)
    assert sink.kept == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_letters_go_over_tls_after_a_login(sink: Sink, tmp_path: Path, security: str) -> None:
    ours, theirs = _contexts(tmp_path)

    def greet() -> SMTP:
        return SMTP(
            _Clerk(sink),
            authenticator=lambda *_: AuthResult(success=True),
            auth_require_tls=security == "starttls",
            tls_context=theirs if security == "starttls" else None,
            auth_required=security == "starttls",  # aiosmtpd takes a line that began in TLS for a plain one
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(greet, "127.0.0.1", 0, ssl=theirs if security == "tls" else None)
    port = server.sockets[0].getsockname()[1]
    address = RelayAddress.model_validate(
        {"host": "localhost", "port": port, "security": security, "login": "us", "password": "secret"}
    )
    relay = SmtpRelay(address, SENDER, PATIENCE, ours)
    assert isinstance(await relay.send(LETTER, CARL, "<a@b>"), Accepted)
    assert len(sink.kept) == 1
    await relay.close()

    stranger = SmtpRelay(address, SENDER, PATIENCE)
    assert not await stranger.ready()  # its certificate is nobody's we know
    await stranger.close()
    server.close()


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(pem + secret)
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(folder / "both.pem")
    return ssl.create_default_context(cadata=pem.decode()), theirs
