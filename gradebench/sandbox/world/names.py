"""Names of people, as a large university's class list really looks."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class PersonName:
    """A name as written, as sorted, as shown short, and as the login is made from it."""

    full: str
    sortable: str
    short: str
    login: str


# Weight, given names, family names. Logins of names in other scripts come from `_LATIN` below.
_CULTURES: list[tuple[int, str, str]] = [
    (
        22,
        "Emma Olivia Noah Liam Ava Ethan Sophia Mason Mia Lucas Grace Henry Chloe Owen Lily Caleb "
        "Hannah Julian Nora Wyatt Zoe Isaac Claire Miles Audrey Simon Paige Trevor Maya Dylan",
        "Smith Johnson Brown Taylor Anderson Thompson White Harris Clark Lewis Walker Young King "
        "Wright Scott Green Baker Adams Nelson Carter Mitchell Roberts Turner Phillips Parker Evans",
    ),
    (
        14,
        "Sofía Mateo Valentina Santiago Camila Diego Lucía Andrés Isabella Joaquín Gabriela Emilio "
        "Ximena Rafael Daniela Tomás Mariana Ignacio Renata Álvaro",
        "García Hernández López Martínez González Rodríguez Pérez Sánchez Ramírez Torres Flores "
        "Rivera Gómez Díaz Núñez Ortiz Castañeda Peña Ibáñez Zúñiga",
    ),
    (
        13,
        "Wei Jing Yifan Xinyi Haoran Yuxuan Zihan Mengyao Jiahao Ruoxi Lei Min Chen Yu Tianyu",
        "Zhang Wang Li Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Lin He",
    ),
    (
        12,
        "Aarav Ananya Vihaan Diya Arjun Isha Rohan Priya Kabir Meera Aditya Kavya Nikhil Sneha "
        "Varun Lakshmi Siddharth Pooja",
        "Sharma Patel Gupta Reddy Iyer Nair Singh Kumar Mehta Desai Rao Chatterjee Banerjee Joshi "
        "Kulkarni Menon",
    ),
    (
        7,
        "Youssef Layla Omar Fatima Karim Nour Hassan Yasmin Tariq Salma Ibrahim Amina Khalid Rania",
        "Haddad Mansour Khalil El-Sayed Nasser Rahman Aziz Farouk Saleh Hamdan Qureshi Ahmadi",
    ),
    (
        6,
        "Minjun Seoyeon Jiho Haeun Dohyun Jiwoo Yuna Hyunwoo Sora Taeyang",
        "Kim Lee Park Choi Jung Kang Yoon Jang Lim Han",
    ),
    (
        6,
        "Nguyễn Thị Minh Anh Linh Hương Tuấn Phúc Ngọc Trang Đức Quỳnh Thảo Việt",
        "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ",
    ),
    (
        5,
        "Chidi Ngozi Kwame Ama Tunde Zainab Emeka Adaeze Kofi Thandiwe Sipho Wanjiru",
        "Okafor Adeyemi Mensah Boateng Nwosu Dlamini Kamau Otieno Balogun Eze Owusu Ndlovu",
    ),
    (
        5,
        "Léa Hugo Chloé Louis Zoé Jules Élise Théo Noémie François Maëlle Gaël",
        "Dubois Moreau Lefèvre Bélanger Côté Gagné Rousseau Fournier Girard Lemaître",
    ),
    (
        4,
        "Lukas Jürgen Mia Søren Freja Björn Åsa Matthias Anneliese Katrín Ólafur Kjersti",
        "Müller Schröder Weiß Jørgensen Lindström Bergström Øvergaard Köhler Hansen Sigurðardóttir",
    ),
    (
        3,
        "Oleksandr Anastasiia Dmytro Kateryna Piotr Agnieszka Jiří Zuzana Nikola Bogdan",
        "Shevchenko Kovalenko Bondarenko Wiśniewski Zieliński Dvořák Novák Petrović Ionescu",
    ),
    (
        2,
        "Kaimana Leilani Moana Tāne Aroha Hinewai Noelani",
        "Kealoha Kahananui Tūhoe Ngata Fonoti Tuilagi",
    ),
    (
        1,
        "Jean-Luc Anne-Marie Mary-Kate Juan-Carlos Ana-María",
        "De la Cruz|van der Berg|von Habsburg-Lothringen|Ní Dhomhnaill|Garcia Marquez|St. John",
    ),
]

# People that every class has and that software gets wrong.
_SPECIAL = [
    PersonName("Siobhán O'Connor", "O'Connor, Siobhán", "Siobhán O'Connor", "soconnor"),
    PersonName("نور الهاشمي", "الهاشمي, نور", "نور الهاشمي", "nalhashimi"),
    PersonName("Wei Zhang", "Zhang, Wei", "Wei Zhang", "wzhang"),
    PersonName("Wei Zhang", "Zhang, Wei", "Wei Zhang", "wzhang2"),
    PersonName("Sukarno", "Sukarno", "Sukarno", "sukarno"),
    PersonName("李小龍", "李, 小龍", "李小龍", "xli"),
    PersonName("Анна Каренина", "Каренина, Анна", "Анна Каренина", "akarenina"),
    PersonName("田中 さくら", "田中, さくら", "さくら", "stanaka"),
    PersonName("אורי כהן", "כהן, אורי", "אורי כהן", "ucohen"),
    PersonName("Ελένη Παπαδοπούλου", "Παπαδοπούλου, Ελένη", "Ελένη", "epapadopoulou"),
    PersonName(
        "Maria Antónia da Conceição Vasconcelos e Sousa",
        "Vasconcelos e Sousa, Maria Antónia da Conceição",
        "Maria Sousa",
        "mvasconcelos",
    ),
    PersonName("ธนพร ศรีสุข", "ศรีสุข, ธนพร", "ธนพร", "tsrisuk"),
]

_LATIN = str.maketrans({"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "ð": "d", "ł": "l"})


def plain_letters(text: str) -> str:
    """Lower-case a-z only, accents dropped; for logins."""
    folded = unicodedata.normalize("NFKD", text.translate(_LATIN))
    return "".join(letter for letter in folded.lower() if "a" <= letter <= "z")


class Names:
    """An endless, seeded supply of people; logins never repeat, full names sometimes do."""

    def __init__(self, source: random.Random, *, special: bool = True) -> None:
        self._random = source
        self._special = list(_SPECIAL) if special else []
        self._logins: set[str] = set()
        self._fulls: set[str] = set()
        self._weights = [weight for weight, _, _ in _CULTURES]

    def student(self, index: int) -> PersonName:
        """The name of the student at `index`: now and then one of the special people, in order."""
        if index % 2 == 1 and self._special:
            return self._with_login(self._special.pop(0))
        return self.person()

    def person(self) -> PersonName:
        """A name not given before, unless the supply runs thin."""
        for _ in range(40):
            given, family = self._draw()
            if f"{given} {family}" not in self._fulls:
                break
        login = plain_letters(given)[:1] + plain_letters(family)[:12]
        name = PersonName(f"{given} {family}", f"{family}, {given}", f"{given} {family}", login)
        return self._with_login(name)

    def _draw(self) -> tuple[str, str]:
        _, givens, families = self._random.choices(_CULTURES, self._weights)[0]
        family_names = families.split("|") if "|" in families else families.split()
        given = self._random.choice(givens.split())
        if self._random.random() < 0.06:
            given = f"{given} {self._random.choice(givens.split())}"
        return given, self._random.choice(family_names)

    def _with_login(self, name: PersonName) -> PersonName:
        login, number = name.login, 1
        while login in self._logins:
            number += 1
            login = f"{name.login}{number}"
        self._logins.add(login)
        self._fulls.add(name.full)
        return PersonName(name.full, name.sortable, name.short, login)
