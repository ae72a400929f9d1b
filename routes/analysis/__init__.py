"""From a trek and heights to a study: statistics, verdicts, modelled lines; opens no file."""
