// <japan-clock>: the time in Japan, as the server knows it.
import { RunningClock } from "./running-clock.js"
import { now } from "./server-clock.js"

const format = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" })

class JapanClock extends RunningClock {
  reading() {
    return format.format(now())
  }
}

customElements.define("japan-clock", JapanClock)
