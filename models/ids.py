"""Ids: opaque and prefixed, made at the door, never from personal data."""

from typing import NewType

ProgrammeId = NewType("ProgrammeId", str)  # prg_…
PersonId = NewType("PersonId", str)  # per_…
IntroductionId = NewType("IntroductionId", str)  # int_…; also the workflow's id
ChannelId = NewType("ChannelId", str)  # cha_…: one way to reach a person
WordsId = NewType("WordsId", str)  # wrd_…: a text somebody wrote, kept in an erasable row
LetterId = NewType("LetterId", str)  # let_…
InboxKey = NewType("InboxKey", str)  # inb_…; also the update's id

AskNumber = NewType("AskNumber", int)  # counts from 1 within one introduction
