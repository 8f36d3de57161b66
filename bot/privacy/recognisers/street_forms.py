"""Forms of street addresses in many countries, as regular expressions."""

from __future__ import annotations

import re

from bot.privacy.recognisers.places import POSTCODE

_NAME = r"(?:[^\W\d_a-z][\w'’.-]{0,60}|\d{1,3}(?:st|nd|rd|th))"
"""A word of a street's name: it begins with a capital, or is an ordinal."""

_SMALL = (
    r"(?:de|du|des|del|della|dello|delle|dei|degli|di|da|do|dos|das|la|le|les|los|las|el|l'|d'"
    r"|van|von|der|den|het|am|an|im|zum|zur|of|the|y|e|à|aux?|sur|en|na|pod|nad)"
)

_NUMBER = r"(?:\d{1,5}(?:[-–]\d{1,4})?\s?[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)?(?![\w])|S/N\b)"

_UNIT = (
    r"(?:,?\s*(?:apt|apartment|suite|ste|unit|flat|room|rm|floor|fl|building|bldg|#)\.?\s?#?\s?"
    r"\w{1,6}\b)?"
)
_PLACE = (
    r"(?:\s*,?\s+\d{4,6}(?:-\d{3,4})?(?:\s[A-Z]{2})?\s+[^\W\d_a-z][\w'’-]+"
    r"|,?\s+[^\W\d_a-z][\w'’-]+(?:\s[^\W\d_a-z][\w'’-]+){0,2},?\s+[A-Z]{2}\s+\d{5}(?:-\d{4})?"
    r"|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b)?"
)
"""What may follow a street: postcode and town, as in Europe, the USA and Britain."""

_KINDS = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq"
    r"|Way|Terrace|Ter|Close|Crescent|Cres|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Trl|Row|Walk"
    r"|Grove|Gardens|Mews|Quay|Loop|Alley|Plaza|Rise|Park|Hill|Green|Esplanade|Parade|Turnpike"
    r"|Expressway|Fwy|Route|Pike|Bypass|Common|Landing|Heights|Ridge|Run|Point|Crossing)"
)
_FURTHER = (
    r"(?:Bridge|Broadway|Brook|Burgs?|Canyon|Causeway|Cent(?:er|re)|Circus|Cliffs?|Corners?|Course"
    r"|Cove|Creek|Crest|Curve|Dale|Dam|Divide|Estates?|Extension|Falls|Ferry|Fields?|Flats?|Fords?"
    r"|Footway|Forest|Forges?|Forks?|Fort|Freeway|Gateway|Glens?|Greens|Haven|Harbors?|Hills|Hollow"
    r"|Inlet|Island|Isle|Junctions?|Keys?|Knolls?|Lakes?|Lodge|Loaf|Manors?|Meadows?|Mills?|Mission"
    r"|Motorway|Mount(?:ain)?s?|Neck|Nook|Orchard|Oval|Overpass|Parks|Parkways|Passage|Path|Pines?"
    r"|Plains?|Points|Ports?|Prairie|Quad(?:rant)?|Radial|Ramble|Ramp|Ranch|Rapids?|Rest|Ridges"
    r"|River|Roads|Rue|Shoals?|Shores?|Skyway|Springs?|Spurs?|Squares|Station|Stravenue|Stream"
    r"|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Underpass|Unions?|Valleys?|Viaduct"
    r"|Views?|Villages?|Ville|Vista|Walks|Wall|Ways|Wells?)"
)
_ENGLISH = re.compile(
    rf"(?<![\w.,])\d{{1,6}}(?:[-/]\d{{1,4}})?[A-Za-z]?,?\s+(?:[NSEW]\.?\s+|(?:North|South|East"
    rf"|West)\s+)?"
    rf"(?:{_NAME}\s+){{1,4}}(?i:{_KINDS})\b\.?(?:\s+(?:[NSEW]{{1,2}}|North|South|East|West)\b)?"
    rf"(?i:{_UNIT}){_PLACE}"
)
_SUFFIXED = re.compile(
    rf"(?<![\w.,£$€])(?:\d{{1,4}}/)?\d{{2,6}}[A-Za-z]?,?\s+{_NAME}"
    rf"(?:\s{_NAME}){{0,2}}\s{_FURTHER}\b"
    rf"(?i:{_UNIT}){_PLACE}"
)
"""The rarer words for streets. Source: USPS Publication 28, appendix C1."""

_NAMED = re.compile(
    rf"\b(?:on|at|to|from|near)\s+(?P<it>(?:{_NAME}\s+){{1,3}}"
    r"(?:Street|Road|Avenue|Lane|Drive|Boulevard|Crescent|Terrace|St\.|Rd\.?|Ave\.?|Blvd\.?)(?!\w))"
)
_BOX = re.compile(
    r"\bP\.?\s?O\.?\s?Box\s+\d{1,7}\b|\bPostfach\s+\d[\d ]{2,8}\d\b|\bBo(?:î|i)te postale\s+\d+",
    re.IGNORECASE,
)
_ENDINGS = (
    r"(?i:stra(?:ß|ss)e|str\.?|weg|platz|allee|gasse|ring|damm|ufer|gade|vej|vænget|allé|all(?:e"
    r"|é)en"
    r"|stræde|gatan?|v(?:ä|a)gen|vegen|veien|vei|gr(?:ä|a)nd|stigen|straat|laan|plein|kade|gracht"
    r"|dreef|hof|singel|steenweg|katu|tie|kuja|polku|raitti|puiestee|tänav|utca|körút|fasor|gata"
    r"|stígur|braut|vogur|iela|gatvė|ulice|cesta|ulica|boulevard|steeg|pad|bulevardi|marka|skogen"
    r"|løkka|stranda|tunet|kroken|torget|plassen|hagen|bakken|haugen|veien)"
)
_COMPOUND = re.compile(
    rf"\b(?:[^\W\d_a-z][\w'’.-]{{0,60}}\s+){{0,2}}[^\W\d_][\w'’-]{{0,60}}{_ENDINGS}\s+{_NUMBER}"
    rf"(?i:{_UNIT}){_PLACE}"
    rf"|\b[^\W\d_a-z][\w'’.-]{{0,60}}\s+{_ENDINGS}\s+{_NUMBER}{_PLACE}"
    rf"|(?<![\w.,])\d{{1,5}}[A-Za-z]?,?\s+"
    rf"(?:[^\W\d_a-z][\w'’.-]{{0,60}}\s+)?[^\W\d_a-z][\w'’-]{{0,60}}{_ENDINGS}\b"
    rf"(?i:{_UNIT}){_PLACE}"
)
_PREFIXES = (
    r"(?:Rue|Avenue|Av\.?|Mont(?:é|e)e|All(?:é|e)|Pasaje|Acceso|Ca(?:ñ|n)ada|Urbanizaci(?:ó|o)n"
    r"|Diagonal|Privada|Peatonal"
    r"|Callej(?:ó|o)n|Cerrada|Andador|Eje vial|Circuito|Glorieta|Rambla|Borgo|Incrocio|Rotonda|R\."
    r"|C\.|Residencial"
    r"|Loteamento|Conjunto|Aleea|(?:Ș|Ş|S)oseaua|Intrarea|Drumul|plac|rondo|osiedle"
    r"|Boulevard|Bd|Bvd|Place|Impasse|Chemin|All(?:é|e)e|Quai|Route|Cours|Square"
    r"|Passage|Faubourg|Via|Viale|Vicolo|Piazza|Piazzale|Corso|Largo|Strada|Contrada|Lungomare"
    r"|Calle|C/|Avda\.?|Avenida|Paseo|Plaza|Carrer|Carretera|Ctra\.?|Camino|R(?:ú|u)a|Ronda"
    r"|Traves(?:ía|sa|ia)|Pra(?:ç|c)a|Alameda|Estrada|Quinta|Urb\.|Rodovia|Largo"
    r"|ul\.|ulica|al\.|aleja|os\.|pl\.|n(?:á|a)m(?:ě|e)st(?:í|i)|n(?:á|a)m\.|ulice|Str\.|Strada"
    r"|Calea"
    r"|Bulevardul|Ulitsa|ул\.|улица|проспект|пр\.)"
)
_WORDS = rf"(?:(?:{_SMALL}\s?)*(?!(?:Apt|Suite|Unit|Flat)\b){_NAME},?\s*){{1,5}}"
_PREFIXED = re.compile(
    rf"(?<![\w.])(?:{_NUMBER},?\s+(?i:bis,?\s+|ter,?\s+)?)(?i:{_PREFIXES})\s+{_WORDS}"
    rf"|(?<!\w)(?i:{_PREFIXES})\s*{_WORDS}(?:,?\s*(?:n(?:º|°|o\.?|r\.?)|č\.p\.|No\.?)?\s*){_NUMBER}"
    rf"(?i:{_UNIT}){_PLACE}"
)
_TOLD = re.compile(
    r"(?:\b(?:address(?:\s+\w+){0,3}?(?:\s+(?:is|to|was|as))|(?:live|lives|living|lived|located"
    r"|staying|stay|reside[sd]?"
    r"|residing|based|situated|moved?|moving|relocated?|deliver(?:ed)?|send|sent|ship(?:ped)?"
    r"|mail(?:ed)?|meet|found|office|headquarters|house|home|store|shop)(?:\s+\w+){0,3}?"
    r"\s+(?:at|to|in|on)|adresse(?:\s+\w+)?\s+(?:ist|lautet|est)|wohne\s+(?:in|an)(?:\s+der)?"
    r"|come\s+to|visit(?:\s+\w+){0,2}?\s+at)|\baddress(?:es)?|\b(?:my|our|his|her|their|new|old"
    r"|billing|shipping|home)\s+address\s+\w+)\s*[:,]?\s*"
    rf"(?P<it>(?:{_NAME}\s+){{1,4}}{_NUMBER}(?i:{_UNIT}){_PLACE}"
    rf"|\d{{1,5}}[A-Za-z]?,?\s+{_NAME}(?:\s+{_NAME}){{0,4}}(?i:{_UNIT}){_PLACE})"
)
_REVERSED = re.compile(
    rf"\b(?:{_NAME}\s+){{1,3}}(?:{_KINDS}|Str\.?)\s+{_NUMBER}(?i:{_UNIT}){_PLACE}"
)
_AT = re.compile(
    r"\b(?:at|to|from|near|@|in|of|is|on)\s+"
    rf"(?P<it>(?:\d{{1,5}}[A-Za-z]?,?\s+{_NAME}(?:\s+{_NAME}){{1,3}}"
    rf"|{_NAME}(?:\s+{_NAME}){{0,3}}\s+\d{{1,4}}[A-Za-z]?)"
    r"(?=\s*[,\n]\s*(?:\d{3,6}|[^\W\d_a-z])))"
)
_LINES = re.compile(
    rf"(?<![\w.,])(?P<it>(?:\d{{1,6}}[A-Za-z]?,?\s(?:{_NAME}[ ]?){{1,4}}"
    rf"|(?:{_NAME}[ ]){{1,4}}\d{{1,5}}[A-Za-z]?)(?i:{_UNIT}))[ ]*\n\s{{0,8}}[^\W\d_a-z]"
)
_WITH_UNIT = re.compile(
    rf"(?<![\w.,])(?:\d{{1,6}}[A-Za-z]?,?\s+{_NAME}(?:\s+{_NAME}){{0,4}}"
    rf"|{_NAME}(?:\s+{_NAME}){{0,3}}\s+\d{{1,5}}),?"
    r"\s+(?:Apt|Apartment|Suite|Ste|Unit|Flat)\.?\s?#?\s?\w{1,6}\b" + _PLACE
)
_CODED = re.compile(
    rf"(?<![\w.,])(?:{_NAME}\s"
    rf"|{_SMALL}\s){{0,3}}{_NAME}\s{_NUMBER}(?=\s?[,\n]\s{{0,4}}{POSTCODE},?\s[^\W\d_])"
)
_LOWER_CODED = re.compile(
    r"(?:(?:^|\n|,)\s?|\b(?:to|in|is|at|an"
    r"|nach)\s)(?P<it>(?:[^\W\d_][\w'’.-]{0,24}\s){1,3}\d{1,4}[a-z]?)"
    rf"(?=\s?[,\n]\s{{0,4}}(?i:{POSTCODE}),?\s[^\W\d_])"
)
"""Any words and a number, with postcode and town behind."""

_POSTCODED = re.compile(
    rf"(?<![\w.,])(?:{_NAME}\s+){{1,3}}{_NUMBER}\s*,\s*\d{{4,6}}"
    rf"(?:-\d{{3,4}})?\s+[^\W\d_a-z][\w'’-]+"
)
_MILITARY = re.compile(
    r"\b(?:(?:PSC|CMR|Unit)\s\d{1,5},?\s(?:Box\s\d{1,6})|(?:USS|USNS|USNV"
    r"|USCGC)(?:\s[\w'’-]{2,20}){1,2})"
    r"\s?,?\s{1,3}(?:APO|FPO|DPO),?\sA[AEP]\s\d{5}(?:-\d{4})?\b"
    r"|\b(?:PSC|CMR|Unit)\s\d{1,5},?\sBox\s\d{1,6}\b|\b(?:APO|FPO|DPO),?\sA[AEP]\s\d{5}\b",
    re.IGNORECASE,
)
"""Boxes of the forces of the USA. Source: USPS Publication 28, section 25."""

_CORNER = re.compile(
    rf"\b(?:the\s)?corner\sof\s(?:{_NUMBER}\s)?{_NAME}(?:\s{_NAME}){{0,3}}(?:\s{_NUMBER})?\sand\s"
    rf"{_NAME}(?:\s{_NAME}){{0,3}}"
)
_NOT_LOWER = (
    r"(?!(?:the|a|an|in|on|at|to|of|for|from|or|and|by|x|cm|mm|kg|inch|size|sizes|order|number"
    r"|no|is|day|days|week|weeks|hour|hours|min|mins"
    r"|minutes?|km|miles?|months?|years?|my|your|our|is|are|was|it|this|that|down|up|off|per|each"
    r"|items?|people|men|per|times?|pairs?|euros?|pounds?|with|more|different|new\sor)\b)"
)
_LOWER_WORD = rf"{_NOT_LOWER}[a-zß-ÿ][\w'’-]{{1,24}}\s"
_LOWER_ENGLISH = re.compile(
    rf"(?<![\w.,/-])\d{{1,6}}[a-z]?,?\s+(?:[nsew]\.?\s|(?:north|south|east"
    rf"|west)\s)?(?:{_LOWER_WORD}){{1,3}}"
    r"(?:street|road|rd|avenue|ave|lane|ln|boulevard|blvd|crescent|parkway|pkwy|highway|hwy|terrace"
    r"|(?:st|drive|dr|court|ct|close|square|sq|gardens|grove|way|place|row|walk|mews|hill)"
    r"(?=\.?\s?(?:[,.\n;!?]|$|apt|flat|unit|suite)))\b\.?"
)
_LOWER_PREFIXED = re.compile(
    r"(?<![\w.,/-])\d{1,5},?\s(?:bis\s|ter\s)?(?:rue|avenue|boulevard|impasse|chemin|quai|calle"
    r"|ul\.)\s"
    r"(?:(?:de|du|des|la|le|les|del|los|l'|d')\s?){0,2}[a-zß-ÿ][\w'’-]{1,24}"
    r"|\b(?:rue|boulevard|impasse|chemin|quai|calle|avenida|ul\.|plaza|piazza|corso|carrer"
    r"|rua|viale|plac|al\.|aleja|aleea|strada|borgo|callej(?:ó|o)n|acceso|pasaje|paseo|r\.|c\."
    r"|u\.)\s"
    r"(?:(?:de|du|des|la|le|les|del|los|di"
    r"|da)\s){0,2}(?:[a-zß-ÿ][\w'’-]{1,24},?\s){1,2}\d{1,4}[a-z]?\b"
)
_LOWER_TOLD = re.compile(
    r"\b(?:wohnen?|adresse|anschrift|lieferung)\W{1,3}(?:\w{1,10}\s){0,2}?(?P<it>(?:am|im|zum"
    r"|zur|an\sder|in\sder|auf\sdem|auf\sder"
    r"|hinter\sdem|hinter\sder|vor\sdem)\s(?:[a-zß-ÿ][\w'’-]{1,24}\s){1,2}\d{1,4}\s?[a-z]?)\b",
    re.IGNORECASE,
)
_LOWER_UNIT = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,6}}[a-z]?,?\s(?:{_LOWER_WORD}){{1,4}}(?:\d{{1,5}}\s)?"
    rf"|(?:{_LOWER_WORD}){{1,3}}\d{{1,5}},?\s)(?:apt|apartment|suite|ste|unit"
    rf"|flat)\.?\s#?\d{{1,5}}\b"
)
_TAILED = re.compile(
    r"(?<![\w.,/-])\d{1,6}[a-z]?,?\s(?:\d{1,6}\s)?[^\W\d_][\w'’.-]{0,24}"
    r"(?:\s[^\W_][\w'’.-]{0,24}){0,4}"
    r"\s{0,8}[,\n]\s{0,8}[^\W\d_][\w'’-]{1,24}"
    r"(?:\s[^\W\d_][\w'’-]{0,24}){0,3}\s{0,8}[,\n][\s,]{0,8}"
    r"[a-z]{2,3},?\s{1,8}\d{5}(?:-\d{4})?\b",
    re.IGNORECASE,
)
"""Street, town, abbreviated state and ZIP code in this order, whatever the street is called."""

_LOWER_AT = re.compile(
    rf"\b(?:address(?:\sis)?|(?:live|lives|living|lived|moved|located|staying|office|house"
    rf"|deliver|ship"
    rf"|send|sent|post|come)(?:\s\w{{1,10}}){{0,3}}?\s(?:at|to"
    rf"|in))\W{{1,3}}(?P<it>(?:\d{{1,6}}[a-z]?,?\s)?"
    rf"\d{{1,6}}[a-z]?,?\s(?:{_LOWER_WORD}){{1,2}}{_NOT_LOWER}[a-zß-ÿ][\w'’-]{{1,24}}"
    rf"|(?:{_LOWER_WORD}){{1,3}}\d{{1,5}}[a-z]?)"
    r"(?=\s?[,\n])"
)
_SENT = re.compile(
    r"\b(?:(?:address|anschrift|adresse|direcci(?:ó|o)n|indirizzo|morada|new\sone|it"
    r"|place)\s(?:is|ist|est|es|now)"
    r"|(?:parcel|order|package|it|them|delivery|refund|letter|invoice|paket|lieferung"
    r"|moved)\s(?:to|an|nach)"
    r"|(?:live[sd]?|living|wohne|stay(?:ing)?)\s(?:in|at))(?:\snow|\sto)?\s{0,2}:?\s"
    rf"(?P<it>(?:{_SMALL}\s)?{_NAME}(?:\s(?:{_SMALL}"
    rf"|[^\W\d_][\w'’.-]{{0,30}})){{0,4}},?\s{_NUMBER})"
    r"(?=\s?(?:[,.;?!\n]|$|\swith|\snever|\sand|\sbut|\splease|\sbecause|\sin\s|\s\d))"
)
"""Any name with a number, where a place is expected."""

_HUNGARIAN = re.compile(
    rf"\b{_NAME}(?:\s[^\W\d_][\w'’.-]{{0,30}}){{0,2}}\s(?:u\.|utca|út|útja|tér|krt\.|körút"
    rf"|sor)\s\d{{1,4}}\.?(?!\w)"
    r"|\b[^\W\d_][\w'’.-]{0,30}\s(?:utca|tér|körút)\s\d{1,4}\.(?!\w)"
)
_BOTH = re.compile(
    rf"(?<![\w.,])\d{{2,6}}\s{_NAME}(?:\s{_NAME}){{0,3}}\s\d{{1,4}}(?=[ ]{{0,3}}(?:[,\n?.]|$))"
)
"""A number before and one behind, and nothing else: how some countries and forms write it."""

FORMS = (
    _ENGLISH, _NAMED, _REVERSED, _AT, _LINES, _BOX, _COMPOUND, _PREFIXED, _TOLD, _WITH_UNIT,
    _SUFFIXED, _CODED, _LOWER_CODED, _POSTCODED, _MILITARY, _CORNER, _LOWER_ENGLISH,
    _LOWER_PREFIXED, _LOWER_UNIT, _TAILED, _LOWER_AT, _LOWER_TOLD, _SENT, _HUNGARIAN, _BOTH,
)  # fmt: skip
