// Microphone, speaker and ringer: chosen in the page, remembered by this browser.
const REMEMBERED = "denwa-phone-devices"
const KINDS = { microphone: "audioinput", speaker: "audiooutput", ringer: "audiooutput" }
const USUAL = { volume: { speaker: 1, ringer: 1 } }

export class Devices {
  constructor(root) {
    this.root = root
    this.chosen = { ...USUAL, ...JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}") }
    this.call = null
    for (const name of Object.keys(KINDS)) this.#select(name)?.addEventListener("change", () => this.#choose(name))
    for (const slider of root.querySelectorAll("[data-volume]")) this.#slide(slider)
    navigator.mediaDevices.addEventListener("devicechange", () => this.list())
  }

  // The names are known only once the microphone was allowed.
  async list() {
    const all = await navigator.mediaDevices.enumerateDevices()
    for (const [name, kind] of Object.entries(KINDS)) {
      const select = this.#select(name)
      const found = all.filter((one) => one.kind === kind && one.deviceId !== "default")
      select.replaceChildren(new Option("標準", ""), ...found.map((one, place) => new Option(one.label || `${place + 1}`, one.deviceId)))
      select.value = this.chosen[name] ?? ""
      if (select.selectedIndex < 0) select.value = "" // it was taken out
    }
  }

  microphone() {
    const wanted = this.chosen.microphone
    const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    return navigator.mediaDevices.getUserMedia({ audio: { ...sound, ...(wanted && { deviceId: wanted }) } })
  }

  // The call whose sound follows what is chosen here; null: none.
  follow(call) {
    this.call = call
    if (call) this.#apply()
  }

  volume(name) {
    return Number(this.chosen.volume[name] ?? 1)
  }

  // Let `sounding` (an AudioContext or a media element) be heard at the device `name`.
  async lead(sounding, name) {
    const wanted = this.#select(name)?.value
    if (wanted && sounding.setSinkId) await sounding.setSinkId(wanted)
  }

  #select(name) {
    return this.root.querySelector(`[data-device=${name}]`)
  }

  async #choose(name) {
    this.chosen[name] = this.#select(name).value
    this.#remember()
    if (name === "microphone" && this.call) await this.call.speakInto(await this.microphone())
    if (name === "speaker") await this.#apply()
    this.root.dispatchEvent(new CustomEvent("device", { detail: name }))
  }

  #slide(slider) {
    const name = slider.dataset.volume
    slider.value = this.volume(name)
    slider.addEventListener("input", () => {
      this.chosen.volume = { ...this.chosen.volume, [name]: Number(slider.value) }
      this.#remember()
      this.#apply()
    })
  }

  async #apply() {
    if (!this.call) return
    this.call.sound.volume = this.volume("speaker")
    await this.lead(this.call.sound, "speaker")
  }

  #remember() {
    localStorage.setItem(REMEMBERED, JSON.stringify(this.chosen))
  }
}
