// The server's time on this page: a computer whose clock is wrong still shows right waiting times.
let ahead = Number(document.documentElement.dataset.now) - Date.now()

document.addEventListener("clock", (event) => {
  ahead = Number(event.detail.data) - Date.now()
})

export const now = () => Date.now() + ahead
