"""What sources state about the money of KetelhuisWG, in their own rounded words."""

from ecoop.governance.evidence import Bound, Subject
from ecoop.services.figures import Statement

FOUNDING_TEXT = "Oprichtingstekst van het project"
WATER_BOARD_NEWS = "https://agv.nl/nieuws/2025/maart/verder-met-vernieuwend-warmtenet"

MILLION_CENTS = 100_000_000

STATEMENTS = (
    Statement(subject=Subject.TOTAL, amount_cents=30 * MILLION_CENTS, source=FOUNDING_TEXT),
    Statement(subject=Subject.WATER_BOARD, amount_cents=250_000_000, source=FOUNDING_TEXT),
    Statement(
        subject=Subject.WATER_BOARD,
        amount_cents=260_000_000,
        source="Waterschap AGV, maart 2025, zonder btw",
        source_url=WATER_BOARD_NEWS,
    ),
    Statement(subject=Subject.COOPERATIVE, amount_cents=2_750_000_000, source=FOUNDING_TEXT),
    Statement(subject=Subject.SUBSIDIES, amount_cents=13 * MILLION_CENTS, bound=Bound.OVER, source=FOUNDING_TEXT),
    Statement(
        subject=Subject.CONNECTION_FEES, amount_cents=7 * MILLION_CENTS, bound=Bound.ALMOST, source=FOUNDING_TEXT
    ),
    Statement(subject=Subject.LOAN, amount_cents=780_000_000, source=FOUNDING_TEXT),
)
