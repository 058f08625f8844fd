// A set phrase goes into a text where the caret stands: Enter on the list [data-inserts-into], or the button beside it.
const insert = (list) => {
  const text = document.getElementById(list.dataset.insertsInto)
  if (!text || !list.value) return
  text.focus()
  text.setRangeText(list.value, text.selectionStart, text.selectionEnd, "end")
  text.dispatchEvent(new Event("input", { bubbles: true }))
  list.value = ""
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("select[data-inserts-into]")) return
  event.preventDefault()
  insert(event.target)
})

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-inserts-from]")
  if (button) insert(document.getElementById(button.dataset.insertsFrom))
})
