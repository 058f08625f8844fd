// <open-mark data-leave="/cases/12/leave">: takes the mark that this page is open away when it is left.
import { post } from "./own-request.js"

class OpenMark extends HTMLElement {
  connectedCallback() {
    this.leave = () => post(this.dataset.leave, new URLSearchParams(), true)
    addEventListener("pagehide", this.leave)
  }

  disconnectedCallback() {
    removeEventListener("pagehide", this.leave)
  }
}

customElements.define("open-mark", OpenMark)
