"""The reference assistant, org.pocketfarm.assistant: dialogue, engine, ears, voice and screen, each a room."""
