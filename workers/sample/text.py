"""What the sample's characters are."""

# Verses 1 to 18, in Nom. Many of their characters lie beyond the Basic Multilingual Plane.
VERSES = (
    "𤾓𢆥𥪞𡎝𠊛嗟",
    "𡨸才𡨸命窖𱺵恄饒",
    "𣦰戈沒局𣷭橷",
    "仍調𬂙𧡊罵𤴬疸𢚸",
    "邏之彼嗇斯豐",
    "𡗶青慣貝𦟐紅打慳",
    "稿𦹳吝𨎠𠓀畑",
    "風情固錄群傳史撑",
    "浪𢆥嘉靖朝明",
    "𦊚方滂𣼽𠄩京凭鐄",
    "固茹員外𣱆王",
    "家私擬拱常常堛中",
    "𠬠𤳇昆次𡳳𢚸",
    "王觀𱺵𡨸綏𣳔儒家",
    "頭𢚸𠄩妸素娥",
    "翠翹𱺵姉㛪𱺵翠雲",
    "枚骨格雪精神",
    "𠬠𠊛𠬠𨤔𨑮分援𨑮",
)


def characters() -> list[str]:
    """Every character of the verses once, in the order of the text."""
    return list(dict.fromkeys("".join(VERSES)))
