// Ctrl+Enter (Command+Enter) saves the form that is being written.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return
  const form = event.target.closest("form[data-keeps-text]")
  if (!form) return
  event.preventDefault()
  form.requestSubmit()
})
