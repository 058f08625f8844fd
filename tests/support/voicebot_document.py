"""A voicebot as part of the seed's document."""

from __future__ import annotations

from tests.support.centre_document import DOCUMENT

WORDS = {
    "voicebot-ask": "ご用件をどうぞ。",
    "voicebot-confirm": "{name}でよろしいですか。",
    "voicebot-which": "{first}と、{second}の、どちらでしょうか。",
    "voicebot-narrow": "恐れ入ります。ひとことでお話しください。",
    "voicebot-connect": "{name}におつなぎします。",
    "voicebot-closed": "{name}は、ただいま受付時間外です。",
    "voicebot-refer": "{name}へは、担当者がご案内します。",
    "voicebot-person": "担当者におつなぎします。",
    "voicebot-else": "ほかに、ご用件はございますか。",
    "voicebot-goodbye": "お電話ありがとうございました。",
    "told-hours": "受付時間は、午前8時30分からです。",
}
ANNOUNCEMENTS = {**DOCUMENT["announcements"], **WORDS}
VOICEBOT = {
    "announcements": ANNOUNCEMENTS,
    "voicebots": {
        "main": {
            "prompt": "voicebot-ask",
            "menu": "main",
            "queue": "enquiries",
            "topics": [{"id": "hours", "label": "受付時間", "words": ["何時まで"], "tells": "told-hours"}],
        }
    },
    "number_leads": {"0466251111": {"voicebot": "main"}},
}
