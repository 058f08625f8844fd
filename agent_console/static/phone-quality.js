// How good the network is, in words, from two readings of RTCPeerConnection.getStats.
const BAD = { loss: 0.05, jitter: 0.06, round: 0.4 }
const FAIR = { loss: 0.01, jitter: 0.03, round: 0.2 }

export const qualityOf = (now, before) => {
  const reading = readingOf(now, before)
  const beyond = (limits) => Object.keys(limits).some((name) => reading[name] > limits[name])
  const grade = reading.silent || beyond(BAD) ? "bad" : beyond(FAIR) ? "fair" : "good"
  return { grade, word: { good: "良好", fair: "やや不安定", bad: "不安定" }[grade], ...reading }
}

// loss: of what was sent to us since the reading before, 0 to 1; jitter and round trip in seconds; silent: nothing came.
const readingOf = (now, before) => {
  const incoming = find(now, (one) => one.type === "inbound-rtp" && one.kind === "audio")
  const earlier = before && incoming && before.get(incoming.id)
  const received = (incoming?.packetsReceived ?? 0) - (earlier?.packetsReceived ?? 0)
  const lost = Math.max(0, (incoming?.packetsLost ?? 0) - (earlier?.packetsLost ?? 0))
  const there = find(now, (one) => one.type === "remote-inbound-rtp" && one.kind === "audio")
  return {
    loss: received + lost ? lost / (received + lost) : 0,
    jitter: incoming?.jitter ?? 0,
    round: there?.roundTripTime ?? 0,
    silent: Boolean(before) && received === 0,
  }
}

const find = (report, fits) => [...report.values()].find(fits)
