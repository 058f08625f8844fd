"""A small directory: who is there, who is not, who is reached otherwise."""

from __future__ import annotations

from crm.directory.hours_text import read_hours
from kernel.directory import Body, Entry

ALWAYS, NEVER = read_hours("24時間"), read_hours("祝 00:00-00:01")
TAX = Entry("t", "税制課", division="財務部", reading="ぜいせいか", extension="2301", hours=ALWAYS, department="zeisei")
SHUT = Entry("n", "資産税課", reading="しさんぜいか", extension="2310", hours=NEVER, department="shisanzei")
POLICE = Entry(
    "k",
    "藤沢警察署",
    reading="ふじさわけいさつしょ",
    outside="0466-00-1009",
    tellable=True,
    transferable=False,
    body=Body.RELATED,
    hours=ALWAYS,
)
STORE_ROOM = Entry("r", "作業室", extension="2399", transferable=False, hours=ALWAYS)
ENTRIES = (TAX, SHUT, POLICE, STORE_ROOM)
