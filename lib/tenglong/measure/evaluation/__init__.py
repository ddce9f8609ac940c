"""亩均论英雄: firms scored, ranked and graded by a scheme that is data."""
