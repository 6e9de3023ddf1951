"""The sample world: fictional members of one programme and whom they know.

One programme of fictional people, so that a first start opens on something to do.
"""

import secrets
import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from images.results import CleanImage
from models.ids import PersonId, ProgrammeId
from models.policy.policy import Policy
from store.engine.ids import new_id
from store.people.addresses import Address, canonical
from store.tables import channel, exposure, known_as, logo, membership, person, policy, programme, tie

PROGRAMME = ProgrammeId("prg_sample")
TENANT = "ten_sample"
_HERE = Path(__file__).with_suffix(".toml")
_LOGO = Path(__file__).with_name("northwind.svg")


def seed(connection: Connection, rules: Policy, now: datetime) -> bool:
    """Put the sample programme into a store that knows no programme yet and was never public. Else nothing changes."""
    was_public = select(exposure.c.kind).where(exposure.c.kind == "public_address")
    if connection.execute(select(programme.c.id).limit(1)).first() or connection.execute(was_public).first():
        return False
    world = _world()
    _found(connection, world["programme"], rules, now)
    ids = {each["key"]: PersonId(new_id("per")) for each in world["people"]}
    for place, each in enumerate(world["people"]):
        # They join one after the other, so that lists keep the order of the file.
        _join(connection, ids[each["key"]], each, now + timedelta(milliseconds=place))
    connection.execute(insert(tie), [_tie(each, ids, now) for each in world["ties"]])
    return True


@cache
def keys() -> tuple[str, ...]:
    """By which the sample's people are known, and nobody else."""
    return tuple(_known_as(each["key"]) for each in _world()["people"])


def person_called(connection: Connection, key: str) -> PersonId | None:
    """One of the sample's people by their first name: "rosa"."""
    named = select(known_as.c.person).where(known_as.c.tenant == TENANT, known_as.c.key == _known_as(key))
    found = connection.execute(named).scalar_one_or_none()
    return PersonId(found) if found else None


def _world() -> dict[str, Any]:
    return tomllib.loads(_HERE.read_text(encoding="utf-8"))


def _found(connection: Connection, facts: dict[str, Any], rules: Policy, now: datetime) -> None:
    drawn = _logo()
    picture = {"mark": drawn.mark, "png": drawn.png, "width": drawn.width, "height": drawn.height}
    connection.execute(insert(logo).values(**picture, made_at=now))
    own = facts | {"id": PROGRAMME, "tenant": TENANT, "logo": drawn.mark}
    connection.execute(insert(programme).values(**own, created_at=now))
    body = rules.model_dump(mode="json")
    connection.execute(insert(policy).values(programme=PROGRAMME, version=rules.version, body=body, at=now))


@cache
def _logo() -> CleanImage:
    """Drawn from its source as any logo that is handed in."""
    from images.cleaning import clean  # only where a sample is sown: nobody else needs the decoders

    return clean(_LOGO.read_bytes(), _LOGO.name)


def _join(connection: Connection, person_id: PersonId, facts: dict[str, Any], now: datetime) -> None:
    connection.execute(insert(person).values(_person(person_id, facts, now)))
    known = {"tenant": TENANT, "key": _known_as(facts["key"]), "person": person_id, "said": {}}
    connection.execute(insert(known_as).values(known))
    may = {name: name in facts["may"] for name in ("listed", "requests", "operates")}
    connection.execute(insert(membership).values(programme=PROGRAMME, person=person_id, joined_at=now, **may))
    connection.execute(insert(channel), _channels(person_id, facts, now))


def _person(person_id: PersonId, facts: dict[str, Any], now: datetime) -> dict[str, Any]:
    kept = {name: facts[name] for name in ("name", "headline", "organisation", "language", "zone", "topics")}
    return kept | {
        "country": facts.get("country"),
        "region": facts.get("region"),
        "id": person_id,
        "tenant": TENANT,
        "places": [{"label": label, "url": url} for label, url in facts.get("places", ())],
        "salt": secrets.token_hex(16),
        "created_at": now,
    }


def _channels(person_id: PersonId, facts: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    address = canonical(f"{facts['key']}@northwind.test")
    assert isinstance(address, Address)
    mail = _channel(person_id, "email", address.written, "mail", now) | {"match_key": address.mailbox}
    if "link" not in facts:
        return [mail]
    url, label = facts["link"]
    return [mail, _channel(person_id, "link", url, label, now + timedelta(microseconds=1)) | {"match_key": None}]


def _channel(person_id: PersonId, kind: str, value: str, label: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("cha"),
        "person": person_id,
        "kind": kind,
        "value": value,
        "label": label,
        "source": "the sample",
        "created_at": now,
    }


def _tie(facts: dict[str, Any], ids: dict[str, PersonId], now: datetime) -> dict[str, Any]:
    connector, known = facts["who"]
    confirmed = facts.get("confirmed")
    return {
        "connector": ids[connector],
        "person": ids[known],
        "strength": facts["strength"],
        "evidence": facts["evidence"],
        "since": facts["since"],
        "confirmed_at": now - timedelta(days=confirmed) if confirmed else None,
        "no_go": False,
        "source": "the sample",
    }


def _known_as(key: str) -> str:
    return f"sample {key}"
