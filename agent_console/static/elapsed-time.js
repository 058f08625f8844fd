// <elapsed-time since="2026-11-24T12:00:00+09:00">: a running clock.
import { RunningClock, two } from "./running-clock.js"
import { now } from "./server-clock.js"

class ElapsedTime extends RunningClock {
  static observedAttributes = ["since"]

  reading() {
    const seconds = Math.max(0, Math.floor((now() - Date.parse(this.getAttribute("since"))) / 1000))
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
  }
}

customElements.define("elapsed-time", ElapsedTime)
