// The exchange's fast path: F2 goes to the finder [data-finder], arrows choose, Enter does what the chosen line says.
// Before anything is typed the last used are shown and none is chosen. Nothing is done that was not shown: Enter on text
// that nothing was found for yet waits until it is, and only a whole number, which is on the screen as it was typed, then
// goes through by itself.
const inputOf = (finder) => finder.querySelector("[data-finder] [role=combobox]")
const optionsOf = (finder) => [...finder.querySelectorAll("[role=option]")]
const chosenOf = (finder) => finder.querySelector("[role=option][aria-selected=true]")
const foundFor = (finder) => finder.querySelector("found-entries")?.dataset.typed

const choose = (finder, option) => {
  const input = inputOf(finder)
  for (const one of optionsOf(finder)) {
    const chosen = one === option
    one.setAttribute("aria-selected", String(chosen))
    document.getElementById(one.dataset.detail).hidden = !chosen
  }
  finder.querySelector("input[name=extension]").value = option?.dataset.extension ?? ""
  input.setAttribute("aria-expanded", String(Boolean(option)))
  if (option) input.setAttribute("aria-activedescendant", option.id)
  else input.removeAttribute("aria-activedescendant")
  option?.scrollIntoView({ block: "nearest" })
}

const move = (finder, step) => {
  const all = optionsOf(finder)
  const next = all.indexOf(chosenOf(finder)) + step
  if (all.length) choose(finder, all[Math.min(Math.max(next, 0), all.length - 1)])
}

class FoundEntries extends HTMLElement {
  connectedCallback() {
    const finder = this.closest(".finder")
    const form = finder?.querySelector("form[data-finder]")
    if (!form) return
    choose(finder, chosenOf(finder))
    const waited = form.dataset.waits === this.dataset.typed && chosenOf(finder)?.dataset.exact !== undefined
    delete form.dataset.waits
    if (waited) form.requestSubmit()
  }
}

customElements.define("found-entries", FoundEntries)

document.addEventListener("keydown", (event) => {
  if (event.key === "F2") {
    const finder = document.querySelector(".finder")
    if (!finder) return
    event.preventDefault()
    inputOf(finder).focus()
    inputOf(finder).select()
    return
  }
  const finder = event.target.closest?.(".finder")
  if (!finder || event.isComposing || event.target !== inputOf(finder)) return
  if (event.key === "ArrowDown") move(finder, 1)
  else if (event.key === "ArrowUp") move(finder, -1)
  else return
  event.preventDefault()
})

document.addEventListener("click", (event) => {
  const option = event.target.closest?.(".finder [role=option]")
  if (option) choose(option.closest(".finder"), option)
})

document.addEventListener("input", (event) => {
  const finder = event.target.closest?.(".finder")
  if (finder && event.target === inputOf(finder)) finder.querySelector("input[name=extension]").value = ""
})

// Before htmx hears of it: what is not ready, or is no transfer, is not sent.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target
    if (!form.matches("form[data-finder]")) return
    const finder = form.closest(".finder")
    const input = inputOf(finder)
    const ready = foundFor(finder) === input.value
    if (ready && form.elements.extension.value) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (!ready) form.dataset.waits = input.value
    else document.getElementById(chosenOf(finder)?.dataset.detail)?.querySelector("form[data-tells]")?.requestSubmit()
  },
  true,
)
