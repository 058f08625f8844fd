// One call of this page's phone: sound in both directions, mute, keys.
import { qualityOf } from "./phone-quality.js"

const MEASURE_MS = 2_000
const TONE_MS = 120

// Events: "answered", "over" (detail: whether this end hung up), "quality" (detail: words, and how good).
export class PhoneCall extends EventTarget {
  constructor(session, devices) {
    super()
    this.session = session
    this.devices = devices
    this.sound = new Audio()
    session.on("peerconnection", ({ peerconnection }) => this.#hear(peerconnection))
    session.on("confirmed", () => this.#began())
    session.on("ended", ({ originator }) => this.#over(originator === "local"))
    session.on("failed", ({ originator }) => this.#over(originator === "local"))
  }

  get talks() {
    return this.session.isEstablished()
  }

  // Fails as getUserMedia does, when there is no microphone to speak into.
  async answer() {
    this.microphone = await this.devices.microphone()
    if (this.session.isEnded()) return this.#release()
    this.devices.follow(this)
    this.session.answer({ mediaStream: this.microphone })
  }

  hangUp() {
    if (!this.session.isEnded()) this.session.terminate()
  }

  // Whether the caller hears nothing now. Sound goes on being sent, silence, or the exchange would take us for gone.
  mute(wanted) {
    for (const track of this.microphone?.getTracks() ?? []) track.enabled = !wanted
  }

  // RFC 4733, within the sound.
  press(key) {
    this.session.sendDTMF(key, { transportType: "RFC2833", duration: TONE_MS })
  }

  async speakInto(microphone) {
    const [track] = microphone.getAudioTracks()
    const [before] = this.microphone.getAudioTracks()
    track.enabled = before.enabled
    await this.session.connection.getSenders().find((sender) => sender.track === before)?.replaceTrack(track)
    before.stop()
    this.microphone = microphone
  }

  #hear(connection) {
    connection.addEventListener("track", ({ track, streams: [stream] }) => {
      this.sound.srcObject = stream ?? new MediaStream([track])
      this.sound.play()
    })
  }

  #began() {
    this.dispatchEvent(new Event("answered"))
    this.measuring = setInterval(() => this.#measure(), MEASURE_MS)
  }

  async #measure() {
    if (this.session.isEnded()) return
    const now = await this.session.connection.getStats()
    this.dispatchEvent(new CustomEvent("quality", { detail: qualityOf(now, this.measured) }))
    this.measured = now
  }

  #over(byUs) {
    this.#release()
    this.dispatchEvent(new CustomEvent("over", { detail: byUs }))
  }

  #release() {
    clearInterval(this.measuring)
    this.devices.follow(null)
    for (const track of this.microphone?.getTracks() ?? []) track.stop()
    this.sound.srcObject = null
  }
}
