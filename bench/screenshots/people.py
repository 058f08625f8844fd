"""Invented people and matters. No number here can be rung: 0466-00 is given to nobody."""

from __future__ import annotations

from crm.users import Role
from kernel.case import Citizen
from kernel.phone_number import PhoneNumber

PASSWORD = "invented-for-pictures"
OPERATORS = ("佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤")
SEATS: list[dict[str, object]] = [
    {"id": f"op{place}", "name": name, "extension": str(7001 + place), "queues": ["enquiries", "exchange"]}
    for place, name in enumerate(OPERATORS)
]
SEATS[9]["phone"] = "auto_answer"
USERS = (
    *((str(seat["id"]), str(seat["name"]), Role.OPERATOR) for seat in SEATS),
    ("mori", "森", Role.SUPERVISOR),
    ("kimura", "木村", Role.STAFF),
    ("ueda", "上田", Role.ADMINISTRATOR),
)
CITIZENS = (
    Citizen(
        "山田 花子",
        reading="ヤマダ ハナコ",
        postal_code="251-0052",
        address="神奈川県藤沢市藤沢1丁目",
        phone=PhoneNumber("0466000101"),
    ),
    Citizen("井上 健一", reading="イノウエ ケンイチ", phone=PhoneNumber("0466000102")),
    Citizen("清水 由美", reading="シミズ ユミ", phone=PhoneNumber("0466000103")),
    Citizen(phone=PhoneNumber("0466000104")),
    Citizen("松本 一郎", reading="マツモト イチロウ", phone=PhoneNumber("0466000105")),
)
MATTERS = (
    ("粗大ごみの申し込み方法", "ソファ(2人掛け)を出したい。申込先と手数料、収集日の目安を案内した。", "回答済み"),
    (
        "住民票の写しのコンビニ交付",
        "マイナンバーカードでの取得方法と手数料を案内。暗証番号は市民窓口センターへ。",
        "回答済み",
    ),
    ("国民健康保険料の納付書", "納付書をなくしたとのこと。再発行のため保険年金課へ転送した。", "所管課へ転送"),
    (
        "保育園の申し込み締め切り",
        "4月入所の受付期間を案内。必要書類について、後日、担当課から折り返す。",
        "折り返し依頼",
    ),
    ("道路の街路樹", "落ち葉で側溝が詰まっているとのこと。場所を聞き取り、道路維持課へ引き継いだ。", "所管課へ転送"),
    ("がん検診の予約", "集団検診の空き状況と、予約サイトを案内した。", "回答済み"),
)
