// A request of this page's own, with the token that shows that it is.
const token = JSON.parse(document.body?.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRF-Token"] ?? ""

export const post = (address, fields, keepalive = false) =>
  fetch(address, { method: "POST", body: fields, keepalive, headers: { "X-CSRF-Token": token, "HX-Request": "true" } })
