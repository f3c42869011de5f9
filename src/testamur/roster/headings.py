"""What people call the columns of a roster, in several languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

__all__ = ["HEADINGS", "LANGUAGES", "plain", "synonyms"]

HEADINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "key": ("Student number", "Student ID", "Matriculation number", "Learner number",
                "Learner ID", "Registration number", "Enrolment number", "Reference"),
        "id": ("DID", "Learner DID", "Identifier (URL)"),
        "email": ("E-mail", "E-mail address", "Mail", "Mail address"),
        "name": ("Full name", "Learner", "Student", "Participant", "Learner name", "Student name"),
        "given_name": ("First name", "Forename", "Given names", "First names"),
        "family_name": ("Last name", "Surname", "Family name"),
        "license_number": ("Licence number", "License number", "Licence no"),
        "role": ("Role",),
        "term": ("Term", "Semester"),
        "narrative": ("Narrative", "Remarks", "Comment"),
        "language": ("Language", "Preferred language", "Locale"),
        "valid_from": ("Valid from", "Issue date", "Date of issue", "Issued on"),
        "valid_until": ("Valid until", "Expiry date", "Expiry", "Expires", "Expiration date"),
        "awarded_date": ("Award date", "Date of award", "Awarded on"),
        "activity_start_date": ("Start date", "Start of activity", "Begins"),
        "activity_end_date": ("End date", "End of activity", "Ends"),
        "credits_earned": ("Credits", "Credits earned", "ECTS", "ECTS credits"),
        "evidence_url": ("Evidence", "Evidence link", "Link to evidence", "Proof of work"),
        "evidence_name": ("Name of evidence", "Title of evidence"),
        "evidence_description": ("Description of evidence",),
        "evidence_narrative": ("Narrative of evidence",),
        "result": ("Grade", "Mark", "Score", "Final grade"),
    },
    "de": {
        "key": ("Matrikelnummer", "Matrikel-Nr", "Teilnehmernummer", "Personalnummer"),
        "email": ("E-Mail-Adresse", "Mailadresse"),
        "name": ("Vollständiger Name", "Vor- und Nachname", "Teilnehmer", "Teilnehmerin"),
        "given_name": ("Vorname", "Vornamen"),
        "family_name": ("Nachname", "Familienname", "Zuname"),
        "license_number": ("Lizenznummer",),
        "role": ("Rolle", "Funktion"),
        "narrative": ("Bemerkung", "Bemerkungen", "Kommentar", "Beschreibung"),
        "language": ("Sprache",),
        "valid_from": ("Gültig ab", "Gültig von", "Ausstellungsdatum"),
        "valid_until": ("Gültig bis", "Ablaufdatum"),
        "awarded_date": ("Verleihungsdatum", "Verliehen am"),
        "activity_start_date": ("Beginn", "Startdatum"),
        "activity_end_date": ("Ende", "Enddatum"),
        "credits_earned": ("Leistungspunkte", "ECTS-Punkte", "Credits erworben"),
        "evidence_url": ("Nachweis", "Link zum Nachweis"),
        "evidence_name": ("Titel des Nachweises",),
        "evidence_description": ("Beschreibung des Nachweises",),
        "result": ("Note", "Ergebnis", "Abschlussnote"),
    },
    "fr": {
        "key": ("Numéro d'étudiant", "N° étudiant", "Matricule"),
        "email": ("Adresse e-mail", "Courriel", "Adresse électronique", "Mél"),
        "name": ("Nom complet", "Nom et prénom", "Prénom et nom", "Apprenant"),
        "given_name": ("Prénom", "Prénoms"),
        "family_name": ("Nom de famille",),
        "license_number": ("Numéro de licence",),
        "role": ("Rôle",),
        "term": ("Semestre",),
        "narrative": ("Remarques", "Commentaire"),
        "language": ("Langue",),
        "valid_from": ("Valable à partir du", "Date de délivrance", "Date d'émission"),
        "valid_until": ("Valable jusqu'au", "Date d'expiration"),
        "awarded_date": ("Date d'attribution", "Date d'obtention"),
        "activity_start_date": ("Date de début", "Début"),
        "activity_end_date": ("Date de fin", "Fin"),
        "credits_earned": ("Crédits", "Crédits obtenus", "Crédits ECTS"),
        "evidence_url": ("Preuve", "Lien vers la preuve"),
        "evidence_name": ("Titre de la preuve",),
        "evidence_description": ("Description de la preuve",),
        "result": ("Résultat", "Note finale", "Mention"),
    },
    "es": {
        "key": ("Número de estudiante", "Número de matrícula", "Nº de expediente"),
        "email": ("Correo electrónico", "Correo", "Dirección de correo electrónico"),
        "name": ("Nombre completo", "Nombre y apellidos", "Alumno", "Estudiante"),
        "given_name": ("Nombre de pila",),
        "family_name": ("Apellidos", "Apellido"),
        "role": ("Función",),
        "term": ("Periodo",),
        "narrative": ("Observaciones", "Comentarios"),
        "language": ("Idioma",),
        "valid_from": ("Válido desde", "Fecha de emisión", "Fecha de expedición"),
        "valid_until": ("Válido hasta", "Fecha de caducidad", "Fecha de vencimiento"),
        "awarded_date": ("Fecha de concesión", "Fecha de obtención"),
        "activity_start_date": ("Fecha de inicio", "Inicio"),
        "activity_end_date": ("Fecha de fin", "Fecha de finalización"),
        "credits_earned": ("Créditos", "Créditos obtenidos", "Créditos ECTS"),
        "evidence_url": ("Evidencia", "Enlace a la evidencia"),
        "evidence_name": ("Título de la evidencia",),
        "result": ("Calificación", "Resultado", "Nota final"),
    },
    "it": {
        "key": ("Matricola", "Numero di matricola"),
        "email": ("Indirizzo e-mail", "Posta elettronica"),
        "name": ("Nome completo", "Nome e cognome", "Cognome e nome", "Studente"),
        "family_name": ("Cognome",),
        "role": ("Ruolo",),
        "narrative": ("Osservazioni", "Commento", "Annotazioni"),
        "language": ("Lingua",),
        "valid_from": ("Valido dal", "Data di rilascio", "Data di emissione"),
        "valid_until": ("Valido fino al", "Data di scadenza", "Scadenza"),
        "awarded_date": ("Data di conferimento", "Data di conseguimento"),
        "activity_start_date": ("Data di inizio", "Data inizio"),
        "activity_end_date": ("Data di fine", "Data fine"),
        "credits_earned": ("Crediti", "Crediti ottenuti", "CFU"),
        "evidence_url": ("Prova", "Link alla prova"),
        "result": ("Voto", "Risultato", "Valutazione"),
    },
    "pl": {
        "key": ("Numer albumu", "Nr albumu", "Numer uczestnika"),
        "email": ("Adres e-mail", "Poczta elektroniczna"),
        "name": ("Imię i nazwisko", "Nazwisko i imię", "Uczestnik", "Uczestniczka"),
        "given_name": ("Imię", "Imiona"),
        "family_name": ("Nazwisko",),
        "license_number": ("Numer licencji",),
        "role": ("Rola",),
        "term": ("Semestr",),
        "narrative": ("Uwagi", "Komentarz", "Opis"),
        "language": ("Język",),
        "valid_from": ("Ważne od", "Ważny od", "Data wydania", "Data wystawienia"),
        "valid_until": ("Ważne do", "Ważny do", "Data ważności", "Data wygaśnięcia"),
        "awarded_date": ("Data nadania", "Data przyznania"),
        "activity_start_date": ("Data rozpoczęcia", "Początek"),
        "activity_end_date": ("Data zakończenia", "Koniec"),
        "credits_earned": ("Punkty", "Punkty ECTS", "Liczba punktów ECTS"),
        "evidence_url": ("Dowód", "Link do dowodu"),
        "evidence_name": ("Tytuł dowodu",),
        "evidence_description": ("Opis dowodu",),
        "result": ("Ocena", "Wynik", "Ocena końcowa"),
    },
    "nl": {
        "key": ("Studentnummer", "Deelnemersnummer"),
        "email": ("E-mailadres",),
        "name": ("Volledige naam", "Naam", "Deelnemer"),
        "given_name": ("Voornaam",),
        "family_name": ("Achternaam", "Familienaam"),
        "role": ("Rol",),
        "narrative": ("Opmerking", "Opmerkingen", "Toelichting"),
        "language": ("Taal",),
        "valid_from": ("Geldig vanaf", "Uitgiftedatum", "Datum van afgifte"),
        "valid_until": ("Geldig tot", "Vervaldatum"),
        "awarded_date": ("Datum van toekenning",),
        "activity_start_date": ("Begindatum",),
        "activity_end_date": ("Einddatum",),
        "credits_earned": ("Studiepunten", "EC"),
        "evidence_url": ("Bewijs", "Link naar bewijs"),
        "result": ("Cijfer", "Resultaat", "Eindcijfer"),
    },
    "pt": {
        "key": ("Número de aluno", "Número de estudante"),
        "email": ("Correio eletrónico", "Endereço de e-mail", "Correio eletrônico"),
        "name": ("Nome e apelido", "Aluno", "Formando"),
        "given_name": ("Nome próprio", "Primeiro nome"),
        "family_name": ("Apelido", "Sobrenome"),
        "narrative": ("Observações", "Comentários"),
        "language": ("Língua",),
        "valid_from": ("Válido desde", "Data de emissão"),
        "valid_until": ("Válido até", "Data de validade"),
        "activity_start_date": ("Data de início",),
        "activity_end_date": ("Data de fim", "Data de conclusão"),
        "credits_earned": ("Créditos",),
        "evidence_url": ("Evidência",),
        "result": ("Classificação", "Resultado"),
    },
}  # fmt: skip
"""Language → column → headings. Words that mean different columns to different people are left out,
as Nome (a full name to some, a first name to others) and Nom (which is often a family name)."""

LANGUAGES = tuple(HEADINGS)
"""The languages whose headings are recognized."""


def plain(heading: str) -> str:
    """Return what is compared of a heading: letters and digits, small, without marks."""
    decomposed = unicodedata.normalize("NFKD", heading[:200].casefold())
    letters = (each for each in decomposed if each.isalnum())
    return "".join(letters).replace("ł", "l").replace("ø", "o")


def synonyms() -> dict[str, str]:
    """Return plain heading → column, of all languages."""
    return {
        plain(heading): column
        for columns in HEADINGS.values()
        for column, headings in columns.items()
        for heading in headings
    }
