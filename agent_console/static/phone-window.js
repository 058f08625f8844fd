// Which of the windows of this browser has the phone: one at a time. When it goes, the next has it by itself.
const LOCK = "denwa-phone"

// Events: "held", "elsewhere" (another window has it).
export class PhoneWindow extends EventTarget {
  async wait() {
    this.waiting = new AbortController()
    this.#ask({ signal: this.waiting.signal })
    const { held } = await navigator.locks.query()
    if (!this.holds && held.some(({ name }) => name === LOCK)) this.#tell("elsewhere")
  }

  take() {
    this.waiting?.abort()
    this.#ask({ steal: true })
  }

  // The lock is kept until this window goes, or another one steals it: the request then fails with AbortError.
  async #ask(options) {
    try {
      await navigator.locks.request(LOCK, options, () => {
        this.holds = true
        this.#tell("held")
        return new Promise(() => {})
      })
    } catch (error) {
      if (error.name !== "AbortError") throw error
      if (!this.holds) return // its own waiting was broken off
      this.holds = false
      this.#tell("elsewhere")
      this.wait()
    }
  }

  #tell(name) {
    this.dispatchEvent(new Event(name))
  }
}
