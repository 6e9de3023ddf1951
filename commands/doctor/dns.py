"""Findings about the DNS of the domains our letters come from. Where it does not answer, nobody can tell from here."""

import asyncio
from collections.abc import Callable

from dns import exception, resolver

from commands.doctor.findings import Diagnosis, unsure, well, wrong
from settings import Settings

PATIENCE = 4.0
FICTIONAL = (".test", ".example", ".invalid", ".localhost")
AskDns = Callable[[str, str], list[str] | None]  # name, kind: what it holds; None where nobody could be asked


async def look(told: Settings, ask: AskDns | None = None) -> list[Diagnosis]:
    domain = told.sender.rpartition("@")[2]
    if told.relay is None:
        return []
    if domain.endswith(FICTIONAL):
        return [unsure("sender's domain", f"{domain} is fictional", "Set INTROBROKER_FROM before writing to people.")]
    return await asyncio.to_thread(_look, domain, _bounces(told, domain), ask or in_dns)


def _bounces(told: Settings, domain: str) -> str | None:
    return told.bounces.rpartition("@")[2] if told.bounces else None


def _look(domain: str, bounces: str | None, ask: AskDns) -> list[Diagnosis]:
    texts = ask(domain, "TXT")
    if texts is None:
        return [unsure("sender's domain", "the DNS could not be asked from here", "Look at SPF and DMARC elsewhere.")]
    found = [_spf(domain, texts), _dmarc(domain, ask)]
    found.append(
        unsure(
            "DKIM", "only the relay knows its selector", f"See that it signs with d={domain}, see docs/operating.md."
        )
    )
    return found + ([_mx(bounces, ask)] if bounces else [])


def _spf(domain: str, texts: list[str]) -> Diagnosis:
    records = [each for each in texts if each.lower().startswith("v=spf1")]
    if len(records) == 1:
        return well("SPF", f"{domain} has a record; whether it names the relay, the relay's pages say")
    said = "has none" if not records else "has several, so none counts"
    return wrong("SPF", f"{domain} {said}", "Publish the one record that the relay's pages give.")


def _dmarc(domain: str, ask: AskDns) -> Diagnosis:
    records = ask(f"_dmarc.{domain}", "TXT")
    if records is None:
        return unsure("DMARC", "the DNS could not be asked from here")
    if any(each.lower().startswith("v=dmarc1") for each in records):
        return well("DMARC", f"{domain} has a record")
    return unsure("DMARC", f"{domain} has none of its own", "Publish one; large mailbox providers ask for it.")


def _mx(domain: str, ask: AskDns) -> Diagnosis:
    found = ask(domain, "MX")
    if found is None:
        return unsure("what comes back", "the DNS could not be asked from here")
    if not found:
        return wrong(
            "what comes back", f"{domain} takes no mail", "INTROBROKER_BOUNCES needs a domain with an MX record."
        )
    return well("what comes back", f"{domain} takes mail")


def in_dns(name: str, kind: str) -> list[str] | None:
    try:
        answer = resolver.resolve(name, kind, lifetime=PATIENCE)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except (exception.DNSException, OSError):
        return None
    return [_text(each) for each in answer]


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    return b"".join(strings).decode("utf-8", "replace") if strings else str(record)
