// <remaining-time until="2026-11-24T12:00:00+09:00">: what is left, counted down; past it, how much it was passed by.
import { now } from "./server-clock.js"

class RemainingTime extends HTMLElement {
  static observedAttributes = ["until"]

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
    const left = Math.ceil((Date.parse(this.getAttribute("until")) - now()) / 1000)
    const seconds = Math.abs(left)
    this.shadowRoot.textContent = `${left < 0 ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
  }
}

customElements.define("remaining-time", RemainingTime)
