"""Study a trek with heights: statistics, verdicts, modelled lines; opens no files."""
