// What the clocks of a page share: they write into their own shadow, which a pushed fragment does not touch, so that
// they never blink.
export class RunningClock extends HTMLElement {
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
    this.shadowRoot.textContent = this.reading()
  }
}

export const two = (value) => String(value).padStart(2, "0")
