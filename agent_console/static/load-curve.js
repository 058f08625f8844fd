// <load-curve data-begins data-today data-usual>: calls in each quarter of an hour, drawn with uPlot (a global).
const QUARTER_SECONDS = 900
const numbers = (text) => (text ? text.split(",").map(Number) : [])
const padded = (values, length) => Array.from({ length }, (_, place) => values[place] ?? null)

class LoadCurve extends HTMLElement {
  static observedAttributes = ["data-begins", "data-today", "data-usual"]

  constructor() {
    super()
    this.attachShadow({ mode: "open" })
    this.sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/static/uplot.min.css" })
    this.place = document.createElement("div")
    this.shadowRoot.append(this.sheet, this.place)
    this.scheme = matchMedia("(prefers-color-scheme: dark)")
    this.draw = this.draw.bind(this)
  }

  connectedCallback() {
    this.size = new ResizeObserver(() => this.resize())
    this.size.observe(this)
    this.choice = new MutationObserver(this.draw)
    this.choice.observe(document.documentElement, { attributeFilter: ["data-scheme"] })
    this.scheme.addEventListener("change", this.draw)
    this.draw()
  }

  disconnectedCallback() {
    this.size.disconnect()
    this.choice.disconnect()
    this.scheme.removeEventListener("change", this.draw)
    this.plot?.destroy()
    this.plot = null
  }

  attributeChangedCallback() {
    if (this.plot) this.plot.setData(this.data())
  }

  resize() {
    if (this.clientWidth) this.plot?.setSize({ width: this.clientWidth, height: this.clientHeight })
  }

  data() {
    const [today, usual] = [numbers(this.dataset.today), numbers(this.dataset.usual)]
    const length = Math.max(today.length, usual.length)
    const begins = Date.parse(this.dataset.begins) / 1000
    const times = Array.from({ length }, (_, place) => begins + place * QUARTER_SECONDS)
    return [times, padded(usual, length), padded(today, length)]
  }

  colour(token) {
    this.place.style.color = `var(--${token})`
    return getComputedStyle(this.place).color
  }

  draw() {
    this.plot?.destroy()
    const { fontFamily, fontSize } = getComputedStyle(this)
    const text = parseFloat(fontSize)
    const [ink, line] = [this.colour("ink-soft"), this.colour("line")]
    const axis = { stroke: ink, font: `${text * 0.8}px ${fontFamily}`, size: text * 2, grid: { stroke: line, width: 1 }, ticks: { stroke: line } }
    const accent = this.colour("accent")
    this.plot = new uPlot(
      {
        width: this.clientWidth || 600,
        height: this.clientHeight || 200,
        legend: { show: false },
        cursor: { show: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Asia/Tokyo"),
        scales: { y: { range: (_, __, most) => [0, Math.max(4, Math.ceil((most ?? 0) * 1.1))] } },
        axes: [
          { ...axis, space: text * 4, values: (_, times) => times.map((time) => uPlot.fmtDate("{H}:{mm}")(uPlot.tzDate(new Date(time * 1000), "Asia/Tokyo"))) },
          { ...axis, size: text * 2.75, space: text * 1.2, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
        ],
        series: [
          {},
          { stroke: this.colour("edge"), width: text / 8, dash: [text / 2.7, text / 3.2], points: { show: false } },
          { stroke: accent, width: text / 5.3, fill: accent.replace("rgb(", "rgba(").replace(")", ", .12)"), points: { show: false } },
        ],
      },
      this.data(),
      this.place,
    )
  }
}

customElements.define("load-curve", LoadCurve)
