"""An IMAP server for mail that came in: a few commands over a real socket, in TLS or not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

PASSWORD = 'secret "and\\ odd'


class Server:
    """One mailbox: its messages by number, and which of them somebody has seen."""

    def __init__(self) -> None:
        self.messages: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.port = 0
        self.folder = "INBOX"

    def arrives(self, raw: bytes) -> None:
        self.messages[len(self.messages) + 1] = raw

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            writer.write(b"* OK here\r\n")
            while line := await reader.readline():
                tag, _, rest = line.decode().strip().partition(" ")
                command, _, arguments = rest.partition(" ")
                for answer in self.answer(command.upper(), arguments):
                    writer.write(answer)
                ok = self.allows(command.upper(), arguments)
                writer.write(f"{tag} {'OK done' if ok else 'NO not so'}\r\n".encode())
                await writer.drain()
                if command.upper() == "LOGOUT":
                    break
        writer.close()

    def allows(self, command: str, arguments: str) -> bool:
        if command == "LOGIN":
            return arguments == 'us "' + PASSWORD.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return arguments.strip('"') == self.folder if command in ("SELECT", "EXAMINE") else True

    def answer(self, command: str, arguments: str) -> list[bytes]:
        match command, arguments.split(" ")[0]:
            case "CAPABILITY", _:
                return [b"* CAPABILITY IMAP4rev1\r\n"]
            case "LOGOUT", _:
                return [b"* BYE\r\n"]
            case "UID", "SEARCH":
                unseen = sorted(set(self.messages) - self.seen)
                return [f"* SEARCH {' '.join(map(str, unseen))}\r\n".encode()]
            case "UID", "FETCH":
                number = int(arguments.split(" ")[1])
                assert "PEEK" in arguments, "looking must not mark"
                raw = self.messages[number][: int(arguments.partition("<0.")[2].partition(">")[0])]
                head = f"* {number} FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n".encode()
                return [head, raw, b")\r\n"]
            case "UID", "STORE":
                self.seen |= {int(each) for each in arguments.split(" ")[1].split(",")}
        return []


@asynccontextmanager
async def imap(tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    box = Server()
    server = await asyncio.start_server(box.talk, "127.0.0.1", 0, ssl=tls, limit=2**22)
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()
