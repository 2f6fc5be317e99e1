"""Models that OmniAI runs itself: GGUF files on this machine's disk, each served by llama.cpp in a child process."""
