"""What an operator writes: steps, documents, expectations, and the check before anything moves."""

from planning.protocol.document import Bound, Protocol
from planning.protocol.steps import Step, step

__all__ = ["Bound", "Protocol", "Step", "step"]
