"""The modules that each Asterisk loads; whatever is not needed is not there to be attacked."""

from __future__ import annotations

from asterisk_conf.install import Installation

NEWER = frozenset({"res_websocket_client", "chan_websocket"})
"""Needed where it exists; an older Asterisk has not got it. Without chan_websocket no sound comes to us."""

SIP = (
    "res_pjproject",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_sdp_rtp",
    "res_pjsip_caller_id",
    "res_pjsip_nat",
    "res_pjsip_rfc3326",
    "res_pjsip_dtmf_info",
    "res_pjsip_empty_info",
    "res_pjsip_sips_contact",
    "res_pjsip_authenticator_digest",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_pubsub",
    "chan_pjsip",
)
AUDIO = (
    "res_timing_timerfd",
    "res_rtp_asterisk",
    "res_srtp",
    "codec_ulaw",
    "codec_alaw",
    "codec_g722",
    "codec_resample",
    "format_wav",
    "format_pcm",
    "format_sln",
    "bridge_simple",
    "bridge_native_rtp",
    "bridge_softmix",
    "bridge_holding",
    "chan_bridge_media",
    "res_musiconhold",
)
ARI = (
    "res_http_websocket",
    "res_websocket_client",
    "chan_websocket",
    "res_stasis",
    "res_stasis_answer",
    "res_stasis_playback",
    "res_stasis_recording",
    "res_stasis_snoop",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_recordings",
)
DIALPLAN = (
    "app_dial",
    "app_echo",
    "app_exec",
    "app_playback",
    "app_stack",
    "app_stasis",
    "app_verbose",
    "func_callerid",
    "func_channel",
    "func_cut",
    "func_dialplan",
    "func_global",
    "func_groupcount",
    "func_logic",
    "func_strings",
    "pbx_config",
)
CENTRE = (
    *SIP,
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_header_funcs",
    "res_pjsip_outbound_registration",
    "res_pjsip_registrar",
    "res_pjsip_transport_websocket",
    "func_hangupcause",
    *AUDIO,
    *ARI,
    *DIALPLAN,
)
REFER = "res_pjsip_refer"
"""What takes a phone's own transfer; not there unless the settings want it."""
OUTSIDE = (
    *SIP,
    "res_pjsip_outbound_registration",
    "res_pjsip_registrar",
    "res_pjsip_header_funcs",
    *AUDIO,
    *ARI,
    *DIALPLAN,
    "func_talkdetect",
)


def present(wanted: tuple[str, ...], installation: Installation) -> list[str]:
    """What of ``wanted`` this Asterisk loads."""
    return [name for name in wanted if name not in NEWER or (installation.modules / f"{name}.so").exists()]
