"""Numbers to call in an emergency and in a crisis, by country.

Sources: for emergencies the national numbering plans, as the International Telecommunication Union
publishes them (ITU-T E.129), and for 112 Directive (EU) 2018/1972, article 109; for crisis lines
their operators, named beside each. Numbers change: look yours up there before you set the country.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a country.

    Attributes:
        emergency: Ambulance and fire brigade; two numbers where they differ.
        crisis: A line for people in a crisis, open at all hours; empty where none is known.
    """

    emergency: str
    crisis: str = ""


NUMBERS: Mapping[str, Numbers] = {
    "AE": Numbers("998 / 997"),
    "AR": Numbers("911"),
    "AT": Numbers("112", "142"),  # telefonseelsorge.at
    "AU": Numbers("000", "13 11 14"),  # lifeline.org.au
    "BE": Numbers("112", "1813"),  # zelfmoord1813.be
    "BG": Numbers("112"),
    "BR": Numbers("192 / 193", "188"),  # cvv.org.br
    "CA": Numbers("911", "988"),  # 988.ca
    "CH": Numbers("112", "143"),  # 143.ch
    "CN": Numbers("120 / 119", "12356"),  # nhc.gov.cn
    "CY": Numbers("112"),
    "CZ": Numbers("112", "116 123"),  # linkapsychickepomoci.cz
    "DE": Numbers("112", "0800 1110111"),  # telefonseelsorge.de
    "DK": Numbers("112"),
    "EE": Numbers("112"),
    "ES": Numbers("112", "024"),  # sanidad.gob.es
    "FI": Numbers("112"),
    "FR": Numbers("112", "3114"),  # 3114.fr
    "GB": Numbers("999", "116 123"),  # samaritans.org
    "GR": Numbers("112", "1018"),  # suicide-help.gr
    "HK": Numbers("999", "18111"),  # shallwetalk.hk
    "HR": Numbers("112"),
    "HU": Numbers("112", "116 123"),  # sos116-123.hu
    "IE": Numbers("112", "116 123"),  # samaritans.org
    "IN": Numbers("112", "14416"),  # telemanas.mohfw.gov.in
    "IT": Numbers("112"),
    "JP": Numbers("119", "0120-279-338"),  # since2011.net/yorisoi
    "KR": Numbers("119", "109"),  # mohw.go.kr
    "LT": Numbers("112"),
    "LU": Numbers("112"),
    "LV": Numbers("112"),
    "MT": Numbers("112"),
    "MX": Numbers("911", "800 911 2000"),  # gob.mx/conasama
    "NL": Numbers("112", "113"),  # 113.nl
    "NO": Numbers("113 / 110", "116 123"),  # mentalhelse.no
    "NZ": Numbers("111", "1737"),  # 1737.org.nz
    "PL": Numbers("112", "800 70 2222"),  # centrumwsparcia.pl
    "PT": Numbers("112"),
    "RO": Numbers("112"),
    "SE": Numbers("112", "90101"),  # mind.se
    "SG": Numbers("995", "1767"),  # sos.org.sg
    "SI": Numbers("112"),
    "SK": Numbers("112"),
    "TR": Numbers("112"),
    "TW": Numbers("119", "1925"),  # mohw.gov.tw
    "US": Numbers("911", "988"),  # 988lifeline.org
    "ZA": Numbers("112", "0800 567 567"),  # sadag.org
}
"""By ISO 3166-1 alpha-2 code."""

COUNTRY_UNSET = (
    '`safety.country` is not set: customers in danger read "your local emergency number": write '
    "for example `safety: {country: DE}`"
)
"""What `frontdesk check` and `frontdesk doctor` say about that."""
