// <wall-alarms>: watches what the page shows, says in words which waits are too long for this room, and rings.
import { alarms, key } from "./alarm-rules.js"
import { keep, read } from "./alarm-settings.js"
import { Bell } from "./alarm-sound.js"
import { now } from "./server-clock.js"

const LOOK_MS = 1000
const RING_MS = 4000

class WallAlarms extends HTMLElement {
  connectedCallback() {
    this.settings = read()
    this.bell = new Bell()
    this.silenced = ""
    this.list = this.querySelector("ul")
    this.form = this.querySelector("form")
    this.fill()
    this.addEventListener("click", (event) => this.pressed(event.target.closest("[data-act]")?.dataset.act))
    this.form.addEventListener("input", () => this.changed())
    this.form.addEventListener("submit", (event) => event.preventDefault())
    this.timers = [setInterval(() => this.look(), LOOK_MS), setInterval(() => this.ring(), RING_MS)]
    if (this.settings.wanted) this.begin()
    this.look()
  }

  disconnectedCallback() {
    this.timers.forEach(clearInterval)
  }

  fill() {
    this.form.elements.seconds.value = this.settings.seconds
    this.form.elements.volume.value = this.settings.volume
    for (const box of this.form.querySelectorAll("[name=kind]")) box.checked = this.settings.kinds.includes(box.value)
  }

  changed() {
    if (!this.form.checkValidity()) return
    const kinds = [...this.form.querySelectorAll("[name=kind]:checked")].map((box) => box.value)
    const { seconds, volume } = this.form.elements
    this.remember({ seconds: Number(seconds.value), volume: Number(volume.value), kinds })
    this.look()
  }

  remember(change) {
    this.settings = { ...this.settings, ...change }
    keep(this.settings)
  }

  pressed(act) {
    if (act === "start") this.bell.ready && this.settings.wanted ? this.end() : this.begin()
    if (act === "silence") this.silenced = key(this.now)
    if (act === "try") this.bell.start().then(() => this.bell.ring(this.settings.volume))
    this.look()
  }

  async begin() {
    this.remember({ wanted: true })
    await this.bell.start()
    this.look()
    this.ring()
  }

  end() {
    this.remember({ wanted: false })
  }

  facts() {
    const waiting = [...document.querySelectorAll("[data-queue] [data-measure=longest] elapsed-time")].map((clock) => ({
      queue: clock.closest("[data-queue]").dataset.queue,
      since: Date.parse(clock.getAttribute("since")),
    }))
    const told = [...document.querySelectorAll("[data-alarm]")].map((one) => ({ kind: one.dataset.alarm, text: one.textContent }))
    return { waiting, told, connected: document.getElementById("lost").hidden }
  }

  look() {
    this.now = alarms(this.facts(), this.settings, now())
    if (key(this.now) !== this.silenced) this.silenced = ""
    this.tell(this.now.filter(({ kind }) => kind === "waiting").map(({ text }) => text))
    this.querySelector("[data-act=silence]").hidden = !this.rings
    const [wanted, ready] = [this.settings.wanted, this.bell.ready]
    this.querySelector("[data-act=start]").textContent = wanted && ready ? "警報音をやめる" : "警報音を鳴らす"
    this.say(wanted && !ready ? "警報音はまだ鳴りません。ブラウザの決まりにより、画面を開くたびに一度ボタンを押してください。" : "")
  }

  // Written only when it changes: a screen reader says each alarm once.
  tell(texts) {
    if (texts.join() === [...this.list.children].map((item) => item.textContent).join()) return
    this.list.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text })))
  }

  say(text) {
    const told = this.querySelector("[data-told]")
    if (told.textContent !== text) told.textContent = text
  }

  get rings() {
    const loud = this.now.some(({ kind }) => this.settings.kinds.includes(kind))
    return this.settings.wanted && this.bell.ready && loud && !this.silenced
  }

  ring() {
    if (this.rings) this.bell.ring(this.settings.volume)
  }
}

customElements.define("wall-alarms", WallAlarms)
