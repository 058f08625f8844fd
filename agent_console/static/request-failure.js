// Says that a click did not reach the server; what was typed stays where it is.
document.addEventListener("htmx:error", (event) => {
  const answer = document.getElementById("answer")
  if (!answer || event.target.id === "live") return
  const said = document.createElement("p")
  said.className = "notice alarm"
  said.textContent = "サーバーに届きませんでした。接続を確かめて、もう一度操作してください。"
  answer.replaceChildren(said)
})
