"""Reference cards: where the lines of a phase lie, how strong they are beside each other, and beside corundum.

Spacings and intensities are kinematic ones for Cu Kα1, computed with pymatgen 2026.10.24 from the published structure
that each card names, with isotropic displacements of 0.3 to 1.6 Å². Over corundum, silicon
comes out at 4.7 (PDF 27-1402: 4.7) and halite at 4.6 (PDF 5-628: 4.4); a pattern of one's own powder is better.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Card:
    """What is known of one phase's powder pattern."""

    phase: str
    name: str
    over_corundum: float
    """I/Ic: strongest line beside that of corundum in an even mixture by mass (Hubbard & Snyder, Powder Diffr. 3 (1988) 74)."""
    source: str
    spacings_angstrom: NDArray[np.float64]
    """(L,) d of each line, falling."""
    intensities: NDArray[np.float64]
    """(L,) integrated, the strongest 100."""


def _card(phase: str, name: str, over_corundum: float, source: str, lines: str) -> Card:
    pairs = np.array(lines.split(), dtype=np.float64).reshape(-1, 2)
    return Card(phase, name, over_corundum, source, pairs[:, 0], pairs[:, 1])


def _by_phase(cards: Iterable[Card]) -> Mapping[str, Card]:
    return {card.phase: card for card in cards}


# fmt: off
CARDS = _by_phase((
    _card(
        "Al2O3", "corundum", 1.00, "Lewis, Schwarzenbach, Flack, Acta Cryst. A38 (1982) 733",
        """
        3.4808 63  2.5514 99  2.3801 46  2.0859 100  1.9647 1.5  1.7404 50  1.6018 100  1.5471 2.5  1.5152 3.4
        1.5111 7.6  1.4049 40  1.3742 61  1.3363 1.3  1.2757 1.6  1.2392 18  1.2344 9.1  1.1934 0.7  1.1901 7.2
        1.1603 1.0  1.1475 5.4  1.1261 4.1  1.1244 3.1  1.0992 8.5
        """,
    ),
    _card(
        "Li2CO3", "zabuyelite", 0.86, "Effenberger, Zemann, Z. Kristallogr. 150 (1979) 133",
        """
        4.1590 73  3.7931 11  3.7866 5.0  3.0274 23  2.9207 78  2.8121 100  2.6270 29  2.4865 16  2.4298 40
        2.2742 16  2.2541 9.1  2.1152 3.3  2.0795 5.5  2.0121 1.7  1.9080 1.2  1.8933 1.3  1.8651 16  1.8627 3.8
        1.8131 5.2  1.6195 4.2  1.5959 1.9  1.5947 5.8  1.5858 2.8  1.5784 5.7  1.5724 4.6  1.5655 3.2
        1.5641 6.6  1.5470 15  1.5137 5.5  1.5080 2.3  1.5052 3.7  1.4969 1.1  1.4679 4.9  1.4642 1.0
        1.4612 2.4  1.4512 0.8  1.4361 1.4  1.4244 5.9  1.4060 0.7  1.3924 2.7  1.3863 0.9  1.3754 1.6
        1.3519 1.6  1.3340 1.4  1.3135 2.1  1.3052 1.0  1.2838 2.8  1.2794 4.3  1.2644 3.5  1.2592 1.2
        1.2323 1.5  1.1745 1.7  1.1603 0.8  1.1373 1.7  1.1269 4.1  1.1251 0.8  1.1122 0.7
        """,
    ),
    _card(
        "Li2MnO3", "lithium manganate(IV)", 2.78, "Strobel, Lambert-Andron, J. Solid State Chem. 75 (1988) 90",
        """
        4.7427 100  4.2660 19  4.0863 33  3.6720 24  3.1717 15  2.7264 7.6  2.4347 11  2.4269 22  2.3745 4.1
        2.3713 1.7  2.3309 2.9  2.3275 1.4  2.1330 0.9  2.1146 1.9  2.0726 2.7  2.0432 2.2  2.0340 32  2.0227 63
        1.9453 2.4  1.8658 5.9  1.8588 3.0  1.8360 2.8  1.8316 1.8  1.7041 2.7  1.6452 1.2  1.6159 1.4
        1.6044 0.8  1.6021 2.0  1.5858 2.4  1.5809 1.0  1.5739 5.1  1.5725 2.2  1.5656 8.7  1.5324 2.2
        1.4824 0.9  1.4767 1.9  1.4677 1.8  1.4443 15  1.4387 7.7  1.4244 15  1.4220 7.5  1.4014 1.2  1.3662 3.9
        1.3632 1.1  1.3621 7.5  1.3477 0.8  1.3392 0.9  1.2305 0.9  1.2289 1.0  1.2279 1.9  1.2240 0.8
        1.2195 0.8  1.2178 1.2  1.2134 0.8  1.1857 3.1  1.1845 0.8  1.1809 1.0  1.1676 1.0  1.1654 6.3
        1.1637 3.2  1.1505 0.9  1.1468 3.1  1.1426 2.0  1.1294 1.1  1.1227 0.7
        """,
    ),
    _card(
        "LiMn2O4", "spinel", 5.51, "cell of PDF 35-782; oxygen at u = 0.2632",
        """
        4.7618 100  2.4867 45  2.3809 9.9  2.0619 52  1.8921 9.3  1.5873 18  1.4580 29  1.3941 12  1.2577 4.1
        1.2434 5.5  1.1904 7.2  1.1549 6.2
        """,
    ),
    _card(
        "LiMnO2", "orthorhombic lithium manganate(III)", 2.82, "Hoppe, Brachtel, Jansen, Z. anorg. allg. Chem. 417 (1975) 1",
        """
        5.7570 100  3.5803 81  2.5216 22  2.4359 13  2.3909 12  2.2860 55  2.2080 21  2.1246 13  2.0089 68
        1.9190 4.1  1.8392 0.7  1.7695 2.2  1.6936 11  1.5838 4.4  1.5090 44  1.4966 14  1.4733 4.4  1.4698 3.2
        1.4392 8.3  1.4025 8.4  1.3626 2.5  1.3469 2.3  1.3391 2.2  1.3059 5.5  1.3043 3.2  1.3019 4.0
        1.2331 3.7  1.2180 8.3  1.2154 3.3  1.1954 8.7  1.1705 2.8  1.1430 3.7  1.1323 1.3  1.1211 1.2
        1.1166 3.4  1.0991 0.9  1.0982 4.4
        """,
    ),
    _card(
        "Mn2O3", "bixbyite", 5.60, "Geller, Acta Cryst. B27 (1971) 821, cubic",
        """
        4.7073 1.0  3.8435 16  2.7178 100  2.5162 1.6  2.3537 18  2.2190 1.2  2.1052 0.9  2.0072 9.4  1.9217 1.4
        1.8464 13  1.7189 2.9  1.6643 37  1.6146 1.8  1.5272 4.3  1.4886 1.3  1.4527 7.0  1.4193 21  1.3881 5.3
        1.3589 3.5  1.3314 0.9  1.3056 1.6  1.2812 2.9  1.2581 1.2  1.1957 1.5  1.1768 2.9  1.1589 3.3
        1.1417 2.1  1.1253 2.4  1.1095 1.2  1.0944 1.9
        """,
    ),
    _card(
        "Mn3O4", "hausmannite", 3.04, "Jarosch, Mineral. Petrol. 37 (1987) 15",
        """
        4.9204 23  3.0854 37  2.8825 15  2.7625 74  2.4871 100  2.4602 14  2.3605 18  2.0382 20  1.8263 6.3
        1.7946 24  1.7007 9.9  1.6401 8.4  1.5765 31  1.5427 54  1.5235 0.8  1.4681 2.6  1.4412 20  1.4255 1.1
        1.3831 0.7  1.3812 3.0  1.3469 5.5  1.3058 1.7  1.2891 1.5  1.2778 10  1.2436 4.7  1.2301 4.6
        1.2203 1.1  1.1952 5.7  1.1912 2.9  1.1803 4.5  1.1314 2.5  1.1237 7.6  1.0995 2.2  1.0922 1.0
        """,
    ),
    _card(
        "MnCO3", "rhodochrosite", 3.88, "Effenberger, Mereiter, Zemann, Z. Kristallogr. 156 (1981) 233",
        """
        3.6513 30  2.8387 100  2.3841 20  2.1680 17  1.9962 19  1.8257 9.9  1.7666 20  1.7590 28  1.5530 2.3
        1.5306 13  1.4622 2.3  1.4495 9.4  1.4194 3.9  1.4040 2.5  1.3965 1.4  1.3765 9.8  1.3030 3.7
        1.2794 0.9  1.2465 3.2  1.2196 4.9  1.2171 1.1  1.1921 2.0  1.1433 3.2  1.1332 1.5  1.1046 3.7
        1.0991 6.9
        """,
    ),
    _card(
        "MnO", "manganosite", 5.67, "rock salt, a = 4.4457 Å; Sasaki et al., Proc. Japan Acad. 55B (1979) 43",
        """
        2.5667 63  2.2229 100  1.5718 55  1.3404 22  1.2834 16  1.1114 7.1
        """,
    ),
    _card(
        "MnO2", "pyrolusite", 4.61, "Baur, Acta Cryst. B32 (1976) 2200",
        """
        3.1101 100  2.4053 53  2.1991 9.7  2.1104 13  1.9670 4.5  1.6230 54  1.5550 15  1.4365 7.3  1.3909 8.7
        1.3059 18  1.3041 10  1.2519 0.7  1.2027 2.9  1.1601 0.8  1.1228 5.3  1.0996 2.9
        """,
    ),
    _card(
        "NaCl", "halite", 4.60, "rock salt, a = 5.6402 Å; NBS Circular 539, vol. 2 (1953) 41",
        """
        3.2564 8.5  2.8201 100  1.9941 60  1.7006 1.9  1.6282 18  1.4101 7.1  1.2940 0.8  1.2612 17  1.1513 12
        1.0855 0.8
        """,
    ),
    _card(
        "Si", "silicon", 4.70, "diamond, a = 5.43102 Å; NIST SRM 640",
        """
        3.1356 100  1.9202 64  1.6375 37  1.3578 9.7  1.2460 14  1.1086 20
        """,
    ),
))
# fmt: on
"""What a laboratory that heats lithium, manganese and oxygen may find, with corundum from its crucibles, and two standards."""
