"""Made-up data of national size, for trying scale: always the same for a seed, and always marked.

``loading.generate`` is the way in. ``world`` makes agencies and places, ``services`` what
the seed data lack of services, ``allotting`` says which agency has a standard for what,
``documents`` writes them, ``rows`` and ``founding`` make them rows with their acts.
"""

from siapa.publishing.generating.loading import GenerateReport, generate

__all__ = ["GenerateReport", "generate"]
