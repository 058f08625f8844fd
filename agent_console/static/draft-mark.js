// <draft-mark data-form="/calls/…/draft" data-version data-window data-saved>: pushed when a draft was kept or a history
// was saved, so that a window of the same author in which nothing is being typed shows the same.
import { WINDOW, stateOf } from "./draft-keeper.js"

const fill = (form, fields) => {
  for (const [name, text] of Object.entries(fields)) {
    const field = form.elements[name]
    if (!field) continue
    if (field.type === "checkbox") field.checked = text !== ""
    else field.value = text
  }
  for (const box of form.querySelectorAll("input[type=checkbox]")) if (!(box.name in fields)) box.checked = false
}

class DraftMark extends HTMLElement {
  static observedAttributes = ["data-version", "data-saved"]

  attributeChangedCallback() {
    if (this.isConnected) queueMicrotask(() => this.look()) // when all attributes are as pushed
  }

  async look() {
    const form = document.querySelector(`form[data-draft="${this.dataset.form}"]`)
    if (!form || stateOf(form).dirty) return
    if (Number(this.dataset.saved ?? 0) > Number(form.elements.version?.value ?? 0)) return this.renew(form)
    if (this.dataset.window !== WINDOW && Number(this.dataset.version) > stateOf(form).version) await this.take(form)
  }

  renew(form) {
    window.htmx.ajax("GET", form.dataset.form, { target: `#${form.closest("article").id}`, swap: "outerHTML" })
  }

  async take(form) {
    const answer = await fetch(this.dataset.form, { headers: { "HX-Request": "true" } })
    if (!answer.ok) return
    const kept = await answer.json()
    const state = stateOf(form)
    if (state.dirty || kept.version <= state.version) return // typed, or told of something newer, meanwhile
    state.version = kept.version
    fill(form, kept.fields)
  }
}

customElements.define("draft-mark", DraftMark)
