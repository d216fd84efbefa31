"""The currencies of ISO 4217 that money is kept in: no precious metals, funds or test codes."""

from __future__ import annotations

from core.values import InvalidValue

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF
    KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
    MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
    SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
# Their smallest coin is the unit itself.
_CODES_WITHOUT_CENTS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_WITHOUT_CENTS = frozenset(_CODES_WITHOUT_CENTS.split())


def parse_currency(text: str) -> str:
    """Return the code in capitals. Raises InvalidValue for what is no currency of ISO 4217."""
    code = text.strip().upper()
    if code not in CURRENCIES:
        raise InvalidValue("must be a currency of ISO 4217, such as MXN")
    return code


def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of a currency have: none of JPY or CLP, else two.

    Two also where ISO 4217 says three (KWD): money is kept in hundredths.
    """
    return 0 if currency in _WITHOUT_CENTS else 2
