"""Files that both sides of the wire read or write: APK (manifest, signer) and GGUF."""
