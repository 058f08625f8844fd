"""``python -m bench.voicebot``: how often synthetic citizens are understood, and how soon. One JSON object, last line.

``--make`` speaks the test set into the cache (some minutes of two cores); what is missing is spoken when it is needed.
``--sample N`` takes N ways of a part, ``--lines`` some of the lines, ``--part tuning`` the other part. ``--calibrate``
fits ``ivr/understanding/calibration.json`` on the tuning part. What stands below the lines is measured on a real
Asterisk (``bench.voicebot.calls``) with ``--calls`` conversations; 0 leaves that out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
from pathlib import Path
from statistics import median

from bench.voicebot import calls
from bench.voicebot.calibrate import fit
from bench.voicebot.heard import Ears, Hearing
from bench.voicebot.lexicon import subjects
from bench.voicebot.line import CLEAN, LINES, Line
from bench.voicebot.recordings import babble, make, recording, voices_of
from bench.voicebot.scores import figures, verdict
from bench.voicebot.ways import FIGURE, TUNING, ways
from ivr.hearing.endpoint import PATIENT
from ivr.hearing.pool import Pool
from ivr.hearing.rules import Engine, PoolRules
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.understanding import Understanding
from kernel.settings import Settings

NOTE = "synthetic voices over a synthetic line: people will be understood less often"
RULES = PoolRules(seconds=60.0)
"""Accuracy is measured here; a machine that others use as well must not spoil it. How long it took is told."""


async def hear(given: argparse.Namespace, cache: Path) -> dict[Line, list[Hearing]]:
    """All that is asked for, line by line."""
    folder, heard = cache / "bench-voicebot", dict[Line, list[Hearing]]()
    noise = babble(folder)
    pool = Pool(Engine("whisper", cache / "models"), RULES)
    await pool.start()
    try:
        ears = Ears(pool, folder / "transcripts", ())
        for line in (one for one in LINES if not given.lines or one.name in given.lines):
            heard[line] = [
                await ears.hear(recording(folder, way, voice), line, noise)
                for way in ways(given.part, given.sample)
                for voice in voices_of(way, given.voices)
            ]
    finally:
        await pool.close()
    return heard


def recognition_times(heard: list[Hearing]) -> dict[str, float]:
    """From the end of speech until it is recognised: the pause after which that begins early, then the recogniser.

    The rest of the pause goes by meanwhile, for who is understood does not wait for it.
    """
    times = sorted((PATIENT.early or 0.0) + one.transcript.took for hearing in heard for one in hearing.utterances)
    p95 = times[-(-95 * len(times) // 100) - 1]
    return {"recognised_p50_s": round(median(times), 2), "recognised_p95_s": round(p95, 2)}


def cpu_per_minute(heard: list[Hearing]) -> float:
    """Seconds of processor time for a minute of talk; the workers of this run alone, so 0 from the cache."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spoken = sum(one.seconds for hearing in heard for one in hearing.utterances)
    return round((used.ru_utime + used.ru_stime) / spoken * 60, 1)


def report(heard: dict[Line, list[Hearing]]) -> dict[str, object]:
    """The figures of each line; those of the clean one also at the top."""
    every = subjects()
    understanding = Understanding(Lexicon(every))
    lines = {line.name: figures([verdict(one, understanding, every) for one in own]) for line, own in heard.items()}
    whole = [one for own in heard.values() for one in own]
    return {
        **lines.get(CLEAN.name, {}),
        **recognition_times(whole),
        "cpu_s_per_minute": cpu_per_minute(whole),
        "lines": lines,
        "utterances": len(whole),
        "voices": len({one.spoken.voice.name for one in whole}),
        "note": NOTE,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--part", choices=(TUNING, FIGURE), default=FIGURE)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--voices", type=int, default=1, help="how many voices say each way")
    parser.add_argument("--calls", type=int, default=calls.CALLS, help="conversations on a real Asterisk")
    parser.add_argument("--lines", nargs="*", choices=[one.name for one in LINES])
    given = parser.parse_args()
    cache = Settings().cache_dir
    if given.make:
        print(json.dumps({"recordings": make(cache / "bench-voicebot", given.voices)}))
        return
    if given.calibrate:
        given.part = TUNING
    heard = asyncio.run(hear(given, cache))
    if given.calibrate:
        print(json.dumps(fit(heard), ensure_ascii=False))
        return
    called = asyncio.run(calls.measure(given.calls, calls.LEVEL_SECONDS)) if given.calls else {}
    print(json.dumps(called | report(heard), ensure_ascii=False))


if __name__ == "__main__":
    main()
