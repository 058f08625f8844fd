// Asks before a page is left on which something has been typed that the server does not have yet, not even as a draft.
const typed = new Set()

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keeps-text]")
  if (form) typed.add(form)
})

document.addEventListener("draft-kept", (event) => typed.delete(event.target))

addEventListener("beforeunload", (event) => {
  if ([...typed].some((form) => form.isConnected)) event.preventDefault()
})
