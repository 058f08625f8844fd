// Keeps what is typed into a form with data-draft on the server, soon after the last key and at the latest when the
// page is left. Fires "draft-kept" on the form.
import { post } from "./own-request.js"

const PAUSE_MS = 600
const LONGEST_MS = 3_000
const RETRY_MS = 3_000
export const WINDOW = crypto.randomUUID()
const states = new WeakMap()

export const stateOf = (form) => {
  if (!states.has(form)) states.set(form, { version: Number(form.dataset.draftVersion), dirty: false, since: 0, timer: 0 })
  return states.get(form)
}

const say = (form, text) => {
  const said = form.closest("article")?.querySelector("[data-draft-said]")
  if (said) said.textContent = text
}

const keepIn = (form, milliseconds) => {
  const state = stateOf(form)
  clearTimeout(state.timer)
  state.timer = setTimeout(() => keep(form), milliseconds)
}

const keep = async (form, leaving = false) => {
  const state = stateOf(form)
  clearTimeout(state.timer)
  if (!form.isConnected) return
  Object.assign(state, { dirty: false, since: 0 })
  const fields = new URLSearchParams(new FormData(form))
  fields.set("window", WINDOW)
  try {
    const answer = await post(form.dataset.draft, fields, leaving)
    if (answer.status === 409) return // its history is saved
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    const kept = await answer.json()
    state.version = Math.max(state.version, kept.version)
    say(form, `${kept.at} 下書きを保存しました`)
    if (!state.dirty) form.dispatchEvent(new CustomEvent("draft-kept", { bubbles: true }))
  } catch {
    state.dirty = true
    say(form, "下書きを保存できません。もう一度試しています…")
    keepIn(form, RETRY_MS)
  }
}

const typed = (event) => {
  const form = event.target.closest?.("form[data-draft]")
  if (!form) return
  const state = stateOf(form)
  state.dirty = true
  state.since ||= Date.now()
  keepIn(form, Math.max(0, Math.min(PAUSE_MS, state.since + LONGEST_MS - Date.now())))
}

const leave = () => {
  for (const form of document.querySelectorAll("form[data-draft]")) if (stateOf(form).dirty) keep(form, true)
}

document.addEventListener("input", typed)
document.addEventListener("change", typed)
document.addEventListener("visibilitychange", () => document.hidden && leave())
addEventListener("pagehide", leave)
