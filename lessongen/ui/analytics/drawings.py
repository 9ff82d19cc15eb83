"""Which drawing belongs to which chart."""

from collections.abc import Mapping

from lessongen.ui.analytics.bar_charts import (
    COMPLAINTS,
    MODELS,
    REASONS,
    SECTION_STARS,
    STARS,
    SUCCESS,
)
from lessongen.ui.analytics.day_charts import COSTS, TIMES, USE
from lessongen.ui.analytics.field_charts import ERRORS, SCORES
from lessongen.ui.analytics.specs import Drawing
from lessongen.ui.analytics.time_charts import COHORTS, MODES, VERSIONS, WAITS

DRAWINGS: Mapping[str, Drawing] = {
    "times": TIMES,
    "modes": MODES,
    "success": SUCCESS,
    "models": MODELS,
    "use": USE,
    "errors": ERRORS,
    "reasons": REASONS,
    "waits": WAITS,
    "stars": STARS,
    "complaints": COMPLAINTS,
    "section_stars": SECTION_STARS,
    "costs": COSTS,
    "scores": SCORES,
    "cohorts": COHORTS,
    "versions": VERSIONS,
}
