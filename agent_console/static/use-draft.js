// The button [data-uses-draft] puts what its section proposes ([data-into]: a field's id) into the fields that are still
// empty, and says which it filled and which it left as they are.
const put = (part) => {
  const field = document.getElementById(part.dataset.into)
  if (!field || field.value.trim() !== "") return false
  field.value = part.dataset.text
  if (field.value === "") return false // a choice that is no longer offered
  field.dispatchEvent(new Event("input", { bubbles: true }))
  return true
}

const names = (parts) => parts.map((part) => part.dataset.label).join("・")

document.addEventListener("click", (event) => {
  const section = event.target.closest("button[data-uses-draft]")?.closest("section")
  if (!section) return
  const parts = [...section.querySelectorAll("[data-into]")]
  const filled = parts.filter(put)
  const left = parts.filter((part) => !filled.includes(part))
  const said = [filled.length ? `${names(filled)}に入れました。` : "", left.length ? `${names(left)}は、そのままにしました。` : ""]
  section.querySelector("[data-draft-used]").textContent = said.join("")
})
