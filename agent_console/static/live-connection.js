// Says when the page no longer hears the server, and has a silent or failed connection opened anew.
const SILENCE_MS = 40_000
const RETRY_MS = 2_000
const banner = document.getElementById("lost")
const live = document.getElementById("live")
let connection = null
let heard = Date.now()

const alive = () => {
  heard = Date.now()
  banner.hidden = true
}

const toLogin = () => location.assign("/login")

// htmx opens a broken stream anew by itself, but not one that has never begun.
const notBegun = () => {
  banner.hidden = false
  setTimeout(() => live.dispatchEvent(new Event("reconnect")), RETRY_MS)
}

live.addEventListener("htmx:sse:after:connection", (event) => {
  connection = event.detail.connection
  alive()
})
live.addEventListener("htmx:sse:before:message", alive)
live.addEventListener("session-over", toLogin)
live.addEventListener("htmx:sse:error", (event) => {
  if (event.detail.status === 401) return toLogin()
  banner.hidden = false
  if (event.detail.connection) event.detail.connection.lastEventId = "" // what came last may not have been shown
})
live.addEventListener("htmx:response:error", (event) => (event.detail.ctx.response.status === 401 ? toLogin() : notBegun()))
live.addEventListener("htmx:error", notBegun)

setInterval(() => {
  if (document.hidden || Date.now() - heard < SILENCE_MS) return
  banner.hidden = false
  connection?.reader?.cancel()
}, 5_000)
