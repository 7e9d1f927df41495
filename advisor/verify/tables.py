"""Tables behind the reading of numbers: number words, scales, periods, currencies."""

from advisor.verify.lists import listed
from advisor.verify.text import stem

# Words of other languages stand here only if they mean nothing else in English.
WORDS: dict[str, float] = {
    "zero": 0.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "thirteen": 13.0, "fourteen":
    14.0, "fifteen": 15.0, "sixteen": 16.0, "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0, "twenty":
    20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0,
    "ninety": 90.0, "zwei": 2.0, "deux": 2.0, "dois": 2.0, "duas": 2.0, "drei": 3.0, "trois": 3.0, "tres":
    3.0, "três": 3.0, "cuatro": 4.0, "vier": 4.0, "quatre": 4.0, "quatro": 4.0, "fem": 5.0, "cinco": 5.0,
    "fünf": 5.0, "cinq": 5.0, "seks": 6.0, "seis": 6.0, "sechs": 6.0, "sju": 7.0, "syv": 7.0, "siete": 7.0,
    "sieben": 7.0, "sete": 7.0, "åtte": 8.0, "ocho": 8.0, "acht": 8.0, "huit": 8.0, "oito": 8.0, "nueve": 9.0,
    "neun": 9.0, "neuf": 9.0, "nove": 9.0, "diez": 10.0, "zehn": 10.0, "dix": 10.0, "dez": 10.0, "elleve":
    11.0, "onze": 11.0, "tolv": 12.0, "doce": 12.0, "zwölf": 12.0, "douze": 12.0, "doze": 12.0, "femten":
    15.0, "quince": 15.0, "fünfzehn": 15.0, "quinze": 15.0, "tjue": 20.0, "veinte": 20.0, "zwanzig": 20.0,
    "vingt": 20.0, "vinte": 20.0, "tretti": 30.0, "treinta": 30.0, "dreißig": 30.0, "trente": 30.0, "trinta":
    30.0, "førti": 40.0, "cuarenta": 40.0, "vierzig": 40.0, "quarante": 40.0, "femti": 50.0, "cincuenta":
    50.0, "fünfzig": 50.0, "cinquante": 50.0, "cinquenta": 50.0,
}  # fmt: skip
SCALES: dict[str, float] = {
    "hundred": 100.0, "hundre": 100.0, "thousand": 1000.0, "tusen": 1000.0, "tausend": 1000.0, "k": 1000.0,
    "lakh": 100000.0, "lakhs": 100000.0, "million": 1000000.0, "millions": 1000000.0, "millioner": 1000000.0,
    "millones": 1000000.0, "millón": 1000000.0, "millionen": 1000000.0, "milhões": 1000000.0, "m": 1000000.0,
    "mn": 1000000.0, "mio": 1000000.0, "mill": 1000000.0, "crore": 10000000.0, "crores": 10000000.0,
    "billion": 1000000000.0, "billions": 1000000000.0, "bn": 1000000000.0, "milliard": 1000000000.0,
    "milliarder": 1000000000.0, "milliarden": 1000000000.0, "milliards": 1000000000.0, "mrd": 1000000000.0,
    "trillion": 1000000000000.0, "trillions": 1000000000000.0, "tn": 1000000000000.0, "trn": 1000000000000.0,
    "dozen": 12.0,
}  # fmt: skip
ORDINALS: dict[str, float] = {
    "first": 1.0, "second": 2.0, "third": 3.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0,
    "eighth": 8.0, "ninth": 9.0, "tenth": 10.0, "eleventh": 11.0, "twelfth": 12.0,
}  # fmt: skip
FRACTIONS: dict[str, float] = {
    "half": 50.0, "halves": 50.0, "halvparten": 50.0, "mitad": 50.0, "hälfte": 50.0, "moitié": 50.0, "metade":
    50.0,
}  # fmt: skip
# In percent, as is "half".
PARTS: dict[str, float] = {
    "third": 33.333333, "thirds": 33.333333, "quarter": 25.0, "quarters": 25.0, "fifth": 20.0, "fifths": 20.0,
    "tenth": 10.0, "tenths": 10.0,
}  # fmt: skip
TIMES: dict[str, float] = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubles": 2.0, "doubling": 2.0, "triple": 3.0, "tripled":
    3.0, "thrice": 3.0, "quadrupled": 4.0, "twofold": 2.0, "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0,
    "tenfold": 10.0,
}  # fmt: skip
# By stem, in years.
PERIODS: dict[str, float] = {
    "year": 1.0, "month": 0.083333, "week": 0.019165, "day": 0.002738, "decad": 10.0, "centuri": 100.0,
    "hour": 0.000114, "fortnight": 0.03833, "år": 1.0, "jahr": 1.0, "jahren": 1.0, "yr": 1.0, "año": 1.0,
    "ano": 1.0,
}  # fmt: skip
MONEY_BEFORE: dict[str, str] = {
    "us$": "USD", "usd": "USD", "$": "dollar", "c$": "CAD", "cad": "CAD", "a$": "AUD", "aud": "AUD", "nz$":
    "NZD", "s$": "SGD", "hk$": "HKD", "r$": "BRL", "nzd": "NZD", "€": "EUR", "eur": "EUR", "euro": "EUR", "£":
    "GBP", "gbp": "GBP", "¥": "JPY", "jpy": "JPY", "₩": "KRW", "krw": "KRW", "nok": "NOK", "sek": "SEK",
    "dkk": "DKK", "kr": "krone", "inr": "INR", "rs": "INR", "₹": "INR", "zar": "ZAR", "chf": "CHF", "pln":
    "PLN", "huf": "HUF", "czk": "CZK", "brl": "BRL", "cny": "CNY", "rmb": "CNY", "mxn": "MXN", "clp": "CLP",
    "cop": "COP", "pen": "PEN", "thb": "THB", "mad": "MAD", "sar": "SAR", "myr": "MYR", "rm": "MYR", "r":
    "ZAR", "sgd": "SGD", "uyu": "UYU", "twd": "TWD", "try": "TRY", "hrk": "HRK",
}  # fmt: skip
MONEY_AFTER: dict[str, str] = {
    "dollar": "dollar", "dollars": "dollar", "euro": "EUR", "euros": "EUR", "kroner": "krone", "kronor":
    "krone", "krone": "krone", "pounds": "GBP", "pound": "GBP", "sterling": "GBP", "yen": "JPY", "won": "KRW",
    "rupees": "INR", "rupee": "INR", "rand": "ZAR", "ringgit": "MYR", "francs": "CHF", "forint": "HUF",
    "zloty": "PLN", "koruna": "CZK", "yuan": "CNY", "renminbi": "CNY", "reais": "BRL", "baht": "THB",
    "dirhams": "MAD", "riyals": "SAR", "lira": "TRY",
}  # fmt: skip
WHOSE: dict[str, str] = {
    "us": "USD", "american": "USD", "canadian": "CAD", "australian": "AUD", "singapore": "SGD", "norwegian":
    "NOK", "swedish": "SEK", "danish": "DKK",
}  # fmt: skip
FAMILY = {"dollar": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD"}, "krone": {"NOK", "SEK", "DKK"}}
PRONOUN = listed("of another . , should can may must could might cannot would is has had") | {
    ""
}  # after "one": no number
WHEN = listed("in since by until till from before after during to of year")
PLURAL = listed("years months weeks days decades")
COUNTED = frozenset(
    stem(word)
    for word in listed(
        """
        members firms companies jobs people employees staff partners organisations organizations projects
        patents startups workers businesses enterprises smes students applicants participants units places
        clusters
        """
    )
)
