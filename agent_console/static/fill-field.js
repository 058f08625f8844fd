// What fills a field with data-text: a button [data-fills] when it is pressed; <fill-in> as soon as it appears, where
// the field is still empty. The caret then stands at the end of the field.
const fill = (from) => {
  const field = document.getElementById(from.dataset.fills)
  if (!field) return null
  field.value = from.dataset.text
  field.dispatchEvent(new Event("input", { bubbles: true }))
  return field
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-fills]")
  const field = button && fill(button)
  field?.focus()
  field?.setSelectionRange(field.value.length, field.value.length)
})

class FillIn extends HTMLElement {
  connectedCallback() {
    if (document.getElementById(this.dataset.fills)?.value.trim() === "") fill(this)
  }
}

customElements.define("fill-in", FillIn)
