// The SIP line of this page: registered with the centre's Asterisk by way of the console, whose session signs for it.
import JsSIP from "./jssip.js"

const CLOSED_FOR_GOOD = { 4001: "elsewhere", 4003: "over" }
const SIGN_OF_LIFE = "\r\n\r\n"
const SIGN_EVERY_MS = 5_000
const PATIENCE_MS = 4_000
const REGISTERED_SECONDS = 120
const ANSWER_AT_ONCE = /answer-after=0/

// It can fall silent, so that a page that gives the phone away ends no call; and it notices a connection that is dead.
class Socket extends JsSIP.WebSocketInterface {
  silent = false

  send(message) {
    return this.silent || super.send(message)
  }

  _onMessage(event) {
    clearTimeout(this.waiting)
    this.waiting = undefined
    super._onMessage(event)
  }

  look() {
    if (!this.isConnected() || this.waiting) return
    super.send(SIGN_OF_LIFE)
    this.waiting = setTimeout(() => this.#isDead(), PATIENCE_MS)
  }

  #isDead() {
    this.waiting = undefined
    this.disconnect() // its own end may take the browser a minute to notice
    this.ondisconnect(true, 1006, "no sign of life")
  }
}

// Events: "state" (detail: connecting, registered, refused, broken, elsewhere, over) and "call" (detail: the JsSIP
// session, and whether it is to be answered at once).
export class PhoneLine extends EventTarget {
  constructor(extension, domain) {
    super()
    this.socket = new Socket(`wss://${location.host}/phone`)
    this.agent = new JsSIP.UA({
      sockets: [this.socket],
      uri: `sip:${extension}@${domain}`,
      password: "-", // the console puts the right answer in its place
      register_expires: REGISTERED_SECONDS,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
      user_agent: "denwa",
    })
    this.agent.on("registered", () => this.#tell("state", "registered"))
    this.agent.on("registrationFailed", () => this.#tell("state", "refused"))
    this.agent.on("disconnected", ({ code }) => this.#lost(code))
    this.agent.on("newRTCSession", ({ originator, session, request }) => {
      if (originator !== "remote") return
      this.#tell("call", { session, atOnce: ANSWER_AT_ONCE.test(request.getHeader("Call-Info") ?? "") })
    })
  }

  open() {
    this.#tell("state", "connecting")
    this.agent.start()
    this.looking = setInterval(() => this.socket.look(), SIGN_EVERY_MS)
    addEventListener("online", this.#look)
    document.addEventListener("visibilitychange", this.#look)
  }

  // Without a word to Asterisk: the call goes on at the window, or the computer, that has the phone now.
  close() {
    clearInterval(this.looking)
    removeEventListener("online", this.#look)
    document.removeEventListener("visibilitychange", this.#look)
    this.socket.silent = true
    this.agent.stop()
    this.socket.disconnect()
  }

  #look = () => this.socket.look()

  #lost(code) {
    const forGood = CLOSED_FOR_GOOD[code]
    if (forGood) this.close()
    if (!this.socket.silent || forGood) this.#tell("state", forGood ?? "broken")
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}
