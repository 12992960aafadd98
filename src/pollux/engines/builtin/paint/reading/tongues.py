"""Common words of labels in Spanish, French and German: all that the built-in engine can translate.

A label is put into another language only where this small dictionary has it whole; a sentence never.
"""

from __future__ import annotations

import re

NAMES = {
    "spanish": "es",
    "español": "es",
    "french": "fr",
    "français": "fr",
    "german": "de",
    "deutsch": "de",
    "italian": "",
    "portuguese": "",
    "japanese": "",
    "chinese": "",
    "hindi": "",
    "korean": "",
    "arabic": "",
    "russian": "",
    "dutch": "",
    "polish": "",
    "turkish": "",
    "swedish": "",
    "greek": "",
    "hebrew": "",
    "latin": "",
    "mandarin": "",
}
_ROWS = """ingredients|ingredientes|ingrédients|zutaten
finished dish|plato terminado|plat terminé|fertiges gericht
photosynthesis|fotosíntesis|photosynthèse|fotosynthese
sunlight|luz solar|lumière du soleil|sonnenlicht
sun|sol|soleil|sonne
moon|luna|lune|mond
water|agua|eau|wasser
co2|CO2|CO2|CO2
sugar|azúcar|sucre|zucker
energy|energía|énergie|energie
oxygen|oxígeno|oxygène|sauerstoff
plant|planta|plante|pflanze
food|comida|nourriture|essen
earth|tierra|terre|erde
air|aire|air|luft
rain|lluvia|pluie|regen
snow|nieve|neige|schnee
cloud|nube|nuage|wolke
cloudy|nublado|nuageux|bewölkt
sunny|soleado|ensoleillé|sonnig
wind|viento|vent|wind
menu|menú|menu|speisekarte
starters|entrantes|entrées|vorspeisen
mains|platos principales|plats|hauptgerichte
desserts|postres|desserts|nachspeisen
drinks|bebidas|boissons|getränke
coffee|café|café|kaffee
tea|té|thé|tee
bread|pan|pain|brot
cheese|queso|fromage|käse
milk|leche|lait|milch
wine|vino|vin|wein
beer|cerveza|bière|bier
soup|sopa|soupe|suppe
salad|ensalada|salade|salat
fish|pescado|poisson|fisch
rice|arroz|riz|reis
egg|huevo|œuf|ei
fruit|fruta|fruit|obst
vegetables|verduras|légumes|gemüse
apple|manzana|pomme|apfel
orange|naranja|orange|orange
lemon|limón|citron|zitrone
cat|gato|chat|katze
dog|perro|chien|hund
bird|pájaro|oiseau|vogel
cats|gatos|chats|katzen
dogs|perros|chiens|hunde
birds|pájaros|oiseaux|vögel
house|casa|maison|haus
tree|árbol|arbre|baum
flower|flor|fleur|blume
happy birthday|feliz cumpleaños|joyeux anniversaire|alles gute zum geburtstag
merry christmas|feliz navidad|joyeux noël|frohe weihnachten
happy new year|feliz año nuevo|bonne année|frohes neues jahr
thank you|gracias|merci|danke
welcome|bienvenidos|bienvenue|willkommen
congratulations|felicidades|félicitations|herzlichen glückwunsch
hello|hola|bonjour|hallo
love|amor|amour|liebe
open|abierto|ouvert|geöffnet
closed|cerrado|fermé|geschlossen
sale|rebajas|soldes|ausverkauf
new|nuevo|nouveau|neu
sales|ventas|ventes|umsatz
monday|lunes|lundi|montag
tuesday|martes|mardi|dienstag
wednesday|miércoles|mercredi|mittwoch
thursday|jueves|jeudi|donnerstag
friday|viernes|vendredi|freitag
saturday|sábado|samedi|samstag
sunday|domingo|dimanche|sonntag
january|enero|janvier|januar
february|febrero|février|februar
march|marzo|mars|märz
april|abril|avril|april
may|mayo|mai|mai
june|junio|juin|juni
july|julio|juillet|juli
august|agosto|août|august
september|septiembre|septembre|september
october|octubre|octobre|oktober
november|noviembre|novembre|november
december|diciembre|décembre|dezember
summer|verano|été|sommer
winter|invierno|hiver|winter
spring|primavera|printemps|frühling
autumn|otoño|automne|herbst
the end|fin|fin|ende
quack|cuac|coin coin|quak"""
_SPLIT = re.compile(r"(\s*[/,&+:;]\s*)")
_STEP = re.compile(r"(day|step) (\d+)", re.IGNORECASE)
_STEPS = {
    "es": {"day": "día", "step": "paso"},
    "fr": {"day": "jour", "step": "étape"},
    "de": {"day": "Tag", "step": "Schritt"},
}


def translate(label: str, tongue: str) -> str | None:
    """The label in another language ("es", "fr", "de"), or None where the dictionary does not have all of it."""
    out = [piece if at % 2 else _word(piece, tongue) for at, piece in enumerate(_SPLIT.split(label[:200]))]
    return None if any(piece is None for piece in out) else "".join(piece or "" for piece in out)


def _word(piece: str, tongue: str) -> str | None:
    bare = piece.strip("!.? ")
    if not any(c.isalpha() for c in bare):
        return piece
    step = _STEP.fullmatch(bare)
    if step:
        found: str | None = f"{_STEPS[tongue][step[1].lower()]} {step[2]}"
    else:
        found = _table(tongue).get(bare.lower())
    if found is None:
        return None
    found = (
        found.upper()
        if bare.isupper() and len(bare) > 1
        else found[:1].upper() + found[1:]
        if bare[:1].isupper()
        else found
    )
    return piece.replace(bare, found)


def _table(tongue: str) -> dict[str, str]:
    column = {"es": 1, "fr": 2, "de": 3}[tongue]
    rows = [row.split("|") for row in _ROWS.split("\n")]
    return {row[0]: row[column] for row in rows}
