"""自分の設定: the own password, second factor and sessions."""
