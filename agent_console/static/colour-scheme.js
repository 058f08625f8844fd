// Changes the colours at once, without leaving the page; the server keeps the choice, so the next page comes in it.
document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form.scheme")) return
  event.preventDefault()
  const fields = new URLSearchParams(new FormData(event.target, event.submitter))
  const kept = await fetch(event.target.action, { method: "POST", body: fields, headers: { "HX-Request": "true" } })
  if (!kept.ok) return location.reload()
  document.documentElement.dataset.scheme = event.submitter.value
  event.target.querySelector(`[value="${event.submitter.value === "dark" ? "light" : "dark"}"]`).focus()
})
