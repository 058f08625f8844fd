// The search by keyboard: "/" goes to the words, the arrows go through the answers. Who comes back to the page finds the
// last search again: it is kept with this tab alone, for an address would stay in the browser's history.
const form = document.getElementById("search")
const words = form.elements.q
const KEPT = "search"

const links = () => [...document.querySelectorAll("#answers a.hit-link")]

const move = (step) => {
  const all = links()
  const next = all.indexOf(document.activeElement) + step
  if (next < 0) words.focus()
  else all[Math.min(next, all.length - 1)]?.focus()
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea")
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === "/" && !typing) words.select()
  else if (event.key === "ArrowDown" && (event.target === words || !typing)) move(1)
  else if (event.key === "ArrowUp" && !typing) move(-1)
  else return
  event.preventDefault()
})

form.addEventListener("submit", () => {
  sessionStorage.setItem(KEPT, JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf")))
})

document.querySelector("form.who")?.addEventListener("submit", () => sessionStorage.removeItem(KEPT))

// Once all is loaded: before that htmx does not hear the form, and the browser would send it itself.
addEventListener("load", () => {
  const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward"
  if (!cameBack || !sessionStorage.getItem(KEPT)) return
  for (const [name, value] of JSON.parse(sessionStorage.getItem(KEPT))) form.elements[name].value = value
  form.requestSubmit()
})
