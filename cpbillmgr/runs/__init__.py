"""One file per thing the tool does: gather, ask the planner, act. Nothing is decided in this room."""
