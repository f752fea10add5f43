"""Where does it hurt? Stages with score, effort, cost money at stake, and where customers go."""
