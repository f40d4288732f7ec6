"""Chinese, capital and spoken numerals to digits."""

DIGITS = {
    "零": 0,
    "〇": 0,
    "○": 0,
    "一": 1,
    "幺": 1,
    "壹": 1,
    "二": 2,
    "两": 2,
    "贰": 2,
    "三": 3,
    "叁": 3,
    "四": 4,
    "肆": 4,
    "五": 5,
    "伍": 5,
    "六": 6,
    "陆": 6,
    "七": 7,
    "柒": 7,
    "拐": 7,
    "八": 8,
    "捌": 8,
    "九": 9,
    "玖": 9,
} | {str(n): n for n in range(10)}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10000}

CHINESE = "零〇○一幺壹二两贰三叁四肆五伍六陆七柒八捌九玖"
NUMBER = f"[0-9{CHINESE}十拾百佰千廿卅]"
DIGIT = f"[0-9{CHINESE}]"


def digits_only(text: str) -> str:
    """Read each sign as one digit: 一三五 → 135; other signs are dropped."""
    return "".join(str(DIGITS[c]) for c in text if c in DIGITS)


def to_int(text: str) -> int | None:
    """Read a number in any script: 12, 十二, 一百零三, 二零一, 廿五; None when it is no number."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text or any(c not in DIGITS and c not in UNITS for c in text):
        return None
    if not any(c in UNITS for c in text):
        return int(digits_only(text))
    total = section = number = 0
    for c in text:
        if c in DIGITS:
            number = number * 10 + DIGITS[c] if c.isdigit() and number else DIGITS[c]
            continue
        unit = UNITS[c]
        if unit == 10000:
            total, section = (total + section + number) * unit, 0
        else:
            section += (number or (1 if unit == 10 else 0)) * unit
        number = 0
    if number and len(text) > 1 and text[-2] in "百佰千仟" and text[-1] in DIGITS:
        number *= UNITS[text[-2]] // 10
    return total + section + number
