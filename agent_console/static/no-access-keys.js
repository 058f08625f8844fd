// <no-access-keys data-in="history-…">: the access keys of that form go, once its call is no longer the one at hand.
class NoAccessKeys extends HTMLElement {
  connectedCallback() {
    const keys = document.getElementById(this.dataset.in)?.querySelectorAll("[accesskey]") ?? []
    for (const one of keys) one.removeAttribute("accesskey")
  }
}

customElements.define("no-access-keys", NoAccessKeys)
