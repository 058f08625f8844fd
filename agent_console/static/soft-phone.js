// <soft-phone extension="7001" domain="…" csrf="…">: the operator's telephone in the page. Its parts are in its HTML.
import { PhoneCall } from "./phone-call.js"
import { Devices } from "./phone-devices.js"
import { LevelMeter } from "./phone-level.js"
import { PhoneLine } from "./phone-line.js"
import { Ringer } from "./phone-ringer.js"
import { PhoneWindow } from "./phone-window.js"
import { microphoneTrouble, SILENT_RINGER, STATES } from "./phone-words.js"

class SoftPhone extends HTMLElement {
  connectedCallback() {
    this.devices = new Devices(this)
    this.ringer = new Ringer(this.devices)
    this.meter = new LevelMeter(this.part("level"))
    this.window = new PhoneWindow()
    this.window.addEventListener("held", () => this.open())
    this.window.addEventListener("elsewhere", () => this.giveAway("elsewhere"))
    this.addEventListener("click", ({ target }) => this.pressed(target.closest("button")))
    this.addEventListener("device", ({ detail }) => detail === "microphone" && this.showLevel())
    this.part("settings").addEventListener("toggle", () => this.showLevel())
    this.say("connecting")
    this.window.wait()
  }

  part(name) {
    return this.querySelector(`[data-part=${name}]`)
  }

  say(state) {
    this.dataset.state = state
    this.part("state").textContent = STATES[state]
    this.part("take").hidden = state !== "elsewhere"
    this.part("again").hidden = state !== "microphone"
    if (state !== "microphone") this.trouble("")
  }

  trouble(text) {
    this.part("trouble").textContent = text
    this.part("trouble").hidden = !text
  }

  // Registered only where the operator can be heard: no call is offered to a phone without a microphone.
  async open() {
    if (!(await this.tryMicrophone())) return
    await this.devices.list()
    const line = (this.line = new PhoneLine(this.getAttribute("extension"), this.getAttribute("domain")))
    line.addEventListener("state", ({ detail }) => line === this.line && this.lineIs(detail))
    line.addEventListener("call", ({ detail }) => this.rung(detail))
    line.open()
  }

  async tryMicrophone() {
    try {
      for (const track of (await this.devices.microphone()).getTracks()) track.stop()
      return true
    } catch (error) {
      this.say("microphone")
      this.trouble(microphoneTrouble(error))
      return false
    }
  }

  lineIs(state) {
    if (state === "elsewhere" || state === "over") this.giveAway(state)
    else this.say(state)
    if (state === "registered" && !this.call) this.rejoin()
  }

  giveAway(state) {
    this.line?.close()
    this.line = undefined
    this.say(state)
  }

  // A talk whose sound was lost, as by a reload: the exchange rings this page again, and it answers by itself.
  async rejoin() {
    const talk = document.querySelector("[data-talk]")?.dataset.talk
    if (!talk) return
    const body = new URLSearchParams({ call: talk })
    await fetch("/desk/rejoin", { method: "POST", body, headers: { "X-CSRF-Token": this.getAttribute("csrf") } })
  }

  rung({ session, atOnce }) {
    if (this.call && !atOnce) return session.terminate({ status_code: 486 })
    const before = this.call
    const call = (this.call = new PhoneCall(session, this.devices))
    before?.hangUp()
    call.addEventListener("answered", () => this.show())
    call.addEventListener("over", () => this.isOver(call))
    call.addEventListener("quality", ({ detail }) => this.showQuality(detail))
    this.show()
    if (atOnce) this.answer()
    else this.ring()
  }

  async ring() {
    if (!(await this.ringer.start())) this.trouble(SILENT_RINGER)
  }

  async answer() {
    this.ringer.stop()
    this.trouble("")
    try {
      await this.call.answer()
    } catch (error) {
      this.trouble(microphoneTrouble(error))
    }
    this.show()
  }

  isOver(call) {
    if (call !== this.call) return
    this.call = undefined
    this.ringer.stop()
    this.show()
  }

  show() {
    const talks = Boolean(this.call?.microphone)
    this.part("ringing").hidden = !this.call || talks
    this.part("talking").hidden = !talks
    if (!talks) this.muted(false)
    this.showQuality(null)
  }

  showQuality(quality) {
    const shown = this.part("quality")
    shown.hidden = !quality
    shown.dataset.grade = quality?.grade ?? ""
    shown.textContent = quality ? `回線 ${quality.word}` : ""
    if (quality) shown.title = `損失 ${(100 * quality.loss).toFixed(1)}% 揺らぎ ${Math.round(1000 * quality.jitter)}ms 往復 ${Math.round(1000 * quality.round)}ms`
  }

  async showLevel() {
    if (!this.part("settings").open) return this.meter.stop()
    try {
      this.meter.show(await this.devices.microphone())
    } catch (error) {
      this.trouble(microphoneTrouble(error))
    }
  }

  muted(wanted) {
    this.call?.mute(wanted)
    const button = this.part("mute")
    button.setAttribute("aria-pressed", wanted)
    button.textContent = wanted ? "ミュート中(解除する)" : "ミュート"
  }

  pressed(button) {
    if (button?.dataset.key) return this.call?.press(button.dataset.key)
    const acts = {
      answer: () => this.answer(),
      take: () => this.window.holds ? this.open() : this.window.take(),
      again: () => this.open(),
      mute: () => this.muted(button.getAttribute("aria-pressed") !== "true"),
      "hang-up": () => this.call?.hangUp(),
    }
    acts[button?.dataset.part]?.()
  }
}

customElements.define("soft-phone", SoftPhone)
