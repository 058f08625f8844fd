// Which alarms there are now. Pure: facts and settings in, a list of { kind, text } out.
export const alarms = ({ waiting, told, connected }, settings, now) => [
  ...waiting
    .filter(({ since }) => now - since > settings.seconds * 1000)
    .map(({ queue }) => ({ kind: "waiting", text: `${queue}: ${settings.seconds}秒を超える待ちがあります` })),
  ...told,
  ...(connected ? [] : [{ kind: "trouble", text: "サーバーとの接続が切れています" }]),
]

export const key = (list) => list.map(({ kind, text }) => `${kind} ${text}`).join("\n")
