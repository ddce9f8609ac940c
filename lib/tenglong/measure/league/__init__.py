"""赛马: townships and departments scored, ranked and lit."""
