// Asks before a page is left on which a history has been typed and not saved. A saved form is replaced, so it is gone.
const typed = new Set()

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keeps-text]")
  if (form) typed.add(form)
})

addEventListener("beforeunload", (event) => {
  const unsaved = [...typed].some((form) => form.isConnected) || document.querySelector("form[data-unsaved]")
  if (unsaved) event.preventDefault()
})
