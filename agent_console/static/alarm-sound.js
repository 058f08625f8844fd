// Two tones by Web Audio. A browser lets a page sound only after a click, so it starts by a button.
const TONES = [880, 660]
const SECONDS = 0.22

export class Bell {
  // Resolves to whether it can sound.
  async start() {
    this.audio ??= new AudioContext()
    if (this.audio.state !== "running") {
      await Promise.race([this.audio.resume(), new Promise((done) => setTimeout(done, 500))])
    }
    return this.ready
  }

  get ready() {
    return this.audio?.state === "running"
  }

  ring(volume) {
    if (this.ready) TONES.forEach((hertz, place) => this.tone(hertz, this.audio.currentTime + place * SECONDS, volume))
  }

  tone(hertz, begins, volume) {
    const [source, gain] = [this.audio.createOscillator(), this.audio.createGain()]
    source.frequency.value = hertz
    gain.gain.setValueAtTime(0, begins)
    gain.gain.linearRampToValueAtTime(volume / 100, begins + 0.02)
    gain.gain.linearRampToValueAtTime(0, begins + SECONDS)
    source.connect(gain).connect(this.audio.destination)
    source.start(begins)
    source.stop(begins + SECONDS)
  }
}
