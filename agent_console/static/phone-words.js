// What the softphone says.
export const STATES = {
  connecting: "接続しています…",
  registered: "登録済み",
  refused: "登録できません。管理者に連絡してください。",
  broken: "電話の接続が切れました。再接続しています…",
  elsewhere: "電話は、ほかの画面で使用中です。",
  over: "ログアウトしました。",
  microphone: "マイクを使えないため、着信を受けられません。",
}

const MICROPHONES = {
  NotAllowedError: "マイクの使用が許可されていません。アドレス欄の左のアイコンから「マイク」を許可し、「もう一度試す」を押してください。",
  NotFoundError: "マイクが見つかりません。ヘッドセットの接続を確かめ、「もう一度試す」を押してください。",
  NotReadableError: "マイクをほかのアプリが使っています。そのアプリを閉じ、「もう一度試す」を押してください。",
}

export const microphoneTrouble = (error) => MICROPHONES[error.name] ?? `マイクを使えません(${error.name})。`
export const SILENT_RINGER = "着信音を鳴らせません。画面のどこかを一度クリックしてください。"
