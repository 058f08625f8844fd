// The buttons in [data-dials-into] write into the field that it names; "back" takes the last character away.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dials-into] button[data-key]")
  if (!button) return
  const field = document.getElementById(button.closest("[data-dials-into]").dataset.dialsInto)
  field.value = button.dataset.key === "back" ? field.value.slice(0, -1) : field.value + button.dataset.key
  field.dispatchEvent(new Event("input", { bubbles: true }))
})
