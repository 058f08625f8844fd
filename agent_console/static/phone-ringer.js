// The sound of ringing, in Japan's cadence: 400 Hz, one second on and two off.
const CADENCE_MS = 3_000

export class Ringer {
  constructor(devices) {
    this.devices = devices
  }

  // Whether it can be heard: a browser lets a page sound only once somebody has clicked in it, or given it a microphone.
  async start() {
    if (this.context) return true
    this.context = new AudioContext()
    await this.devices.lead(this.context, "ringer")
    this.#ring()
    this.ringing = setInterval(() => this.#ring(), CADENCE_MS)
    return this.context.state === "running"
  }

  stop() {
    clearInterval(this.ringing)
    this.context?.close()
    this.context = undefined
  }

  #ring() {
    const { context } = this
    const tone = new OscillatorNode(context, { frequency: 400 })
    const beat = new OscillatorNode(context, { frequency: 16 })
    const depth = new GainNode(context, { gain: 0.5 })
    const volume = new GainNode(context, { gain: 0.3 * this.devices.volume("ringer") })
    const swell = new GainNode(context, { gain: 0.5 })
    beat.connect(depth).connect(swell.gain)
    tone.connect(swell).connect(volume).connect(context.destination)
    for (const one of [tone, beat]) {
      one.start()
      one.stop(context.currentTime + 1)
    }
  }
}
