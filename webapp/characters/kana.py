"""Kana in Latin letters, by Hepburn's way, so that a reading can be typed without a Japanese keyboard."""

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "g": "がぎぐげご", "s": "さしすせそ", "z": "ざじずぜぞ",
    "t": "たちつてと", "d": "だぢづでど", "n": "なにぬねの", "h": "はひふへほ", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ", "m": "まみむめも", "r": "らりるれろ",
}  # fmt: skip
_ODD = {
    "し": "shi", "じ": "ji", "ち": "chi", "ぢ": "ji", "つ": "tsu", "づ": "zu", "ふ": "fu", "や": "ya",
    "ゆ": "yu", "よ": "yo", "わ": "wa", "ゐ": "i", "ゑ": "e", "を": "o", "ん": "n", "ゔ": "vu",
}  # fmt: skip
_KANA = {
    kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, "aiueo", strict=True)
} | _ODD
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo"}


def romaji(kana: str) -> str | None:
    """ "キュウ" is "kyuu"; None where a sign is no kana."""
    text = ""
    doubled = False
    for char in _hiragana(kana):
        if char == "っ":
            doubled = True
            continue
        if char in _SMALL and text.endswith("i"):
            sound = _SMALL[char]
            text = text[:-1] + (sound[1:] if text[-3:-1] in {"sh", "ch"} or text[-2] == "j" else sound)
            continue
        if char == "ー" and text:
            text += text[-1]
            continue
        if char not in _KANA:
            return None
        sound = _KANA[char]
        text += (sound[0] if doubled else "") + sound
        doubled = False
    return text or None


def _hiragana(kana: str) -> str:
    return "".join(chr(ord(char) - 0x60) if "ァ" <= char <= "ヴ" else char for char in kana)
