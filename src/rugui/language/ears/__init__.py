"""The house listens: each message is heard as it arrives, one tap sets right what was misheard, and the house's own ear learns from it."""
