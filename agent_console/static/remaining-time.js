// <remaining-time until="2026-11-24T12:00:00+09:00">: what is left, counted down; past it, how much it was passed by.
import { RunningClock, two } from "./running-clock.js"
import { now } from "./server-clock.js"

class RemainingTime extends RunningClock {
  static observedAttributes = ["until"]

  reading() {
    const left = Math.ceil((Date.parse(this.getAttribute("until")) - now()) / 1000)
    const seconds = Math.abs(left)
    return `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${two(seconds % 60)}`
  }
}

customElements.define("remaining-time", RemainingTime)
