// A meter of what the microphone hears, while it is looked at.
const SHOW_MS = 100

export class LevelMeter {
  constructor(meter) {
    this.meter = meter
  }

  show(microphone) {
    this.stop()
    this.microphone = microphone
    this.context = new AudioContext()
    const hearing = new AnalyserNode(this.context, { fftSize: 1024 })
    this.context.createMediaStreamSource(microphone).connect(hearing)
    const samples = new Float32Array(hearing.fftSize)
    this.showing = setInterval(() => {
      hearing.getFloatTimeDomainData(samples)
      this.meter.value = Math.min(1, 4 * Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length))
    }, SHOW_MS)
  }

  stop() {
    clearInterval(this.showing)
    this.context?.close()
    for (const track of this.microphone?.getTracks() ?? []) track.stop()
    this.context = this.microphone = undefined
    this.meter.value = 0
  }
}
