// <elapsed-time since="2026-11-24T12:00:00+09:00">: a running clock. It writes into its own shadow, which a pushed
// fragment does not touch, so that it never blinks.
import { now } from "./server-clock.js"

class ElapsedTime extends HTMLElement {
  static observedAttributes = ["since"]

  constructor() {
    super()
    this.attachShadow({ mode: "open" })
  }

  connectedCallback() {
    this.setAttribute("role", "timer")
    this.show()
    this.timer = setInterval(() => this.show(), 1000)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
  }

  attributeChangedCallback() {
    if (this.isConnected) this.show()
  }

  show() {
    const seconds = Math.max(0, Math.floor((now() - Date.parse(this.getAttribute("since"))) / 1000))
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
    const two = (value) => String(value).padStart(2, "0")
    this.shadowRoot.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
  }
}

customElements.define("elapsed-time", ElapsedTime)
